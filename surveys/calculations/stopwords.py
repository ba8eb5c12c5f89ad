"""Words that say nothing about what a comment is about, by language, folded."""

from surveys.calculations.phrases import base_of

EN = """
a about above after again all almost also always am an and any are as at back be because
been before being below between both but by can cannot come could did do does doing done
don down each even ever every few for from further get gets getting give go going good got
great had has have having he her here hers him his how however i if in into is isn it its
itself just know less let like lot made make makes many may me might more most much must
my need needs never no nor not nothing now of off often ok on once one only onto or other
our ours out over own please quite rather really same say see seem she should since so
some something sometimes still such sure take than thank thanks that the their them then
there these they thing things think this those though through thus to too under until up
upon us use used uses using very want wants was way we well were what when where which
while who why will with without would yet you your yours
less lot still anyone someone nobody everyone yet
won didn doesn wasn weren couldn wouldn shouldn aren haven hasn ve ll re
"""
DE = """
aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin
bis bisher bist bitte da dabei dadurch dafur dagegen daher damit danach dann daran darauf
darum das dass davon dazu dein deine dem den denn der deren des deshalb dessen dich die
dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer
eines einfach einige einmal er es etwas euch euer eure fur ganz gar gegen gibt gut gute
guten haben habe hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren
ihrer im immer in ins ist ja jede jedem jeden jeder jedes jetzt kann kein keine keinem
keinen keiner konnen konnte konnten leider macht machen mal man mehr mein meine meinem
meinen meiner mich mir mit mochte muss mussen nach nicht nichts nie noch nun nur ob oder
oft ohne schon sehr sein seine seinem seinen seiner seit selbst sich sie sind so solche
soll sollte sollten sondern sonst uber um und uns unser unsere unserem unseren unserer
unter viel viele vielen vom von vor wann war ware waren warum was weil weiter welche wenn
wenig wer werde werden wie wieder will wir wird wirklich wo wurde wurden zu zum zur zwar
zwischen danke weniger passt jemand niemand mehrmals bleibt kommt lasst sagen
"""
RO = """
a abia aceasta aceste acestea acest acesta acestui acei aceia acel acela acele acolo acum
ai aici al ale alt alta alte altul am ar are as asa asta astea atat ati atunci au avea avem
aveti aveam bine bun buna ca cam cand care catre ce cea cei cel cele ceva chiar cine cu cum
da daca dar dat de deci decat deja deoarece desi despre din dintre doar dupa ea ei el ele
era erau este eu face fac fara fi fie fiecare foarte fost ii il imi in inainte inca insa
intr intre isi iti ii la le li lor lui mai mult multa multe multi ma mea mei mele mereu
meu mi mie mine mod ne nici nimic niste noi nostru noastra nostri noastre nu numai o oare
or ori orice pana pe pentru peste poate pot prea prin putin s sa sai sale sau se si sunt
sus sub suntem tale tau te ti toate tot toata toti totul totusi trebuie tu un una unde
unei unele unii unor unui va vi voi vom vor vostru vreau vrea va multumesc multumim
"""
STOP = {
    "en": frozenset(EN.split()),
    "de": frozenset(DE.split()),
    "ro": frozenset(RO.split()),
}
ANY = frozenset().union(*STOP.values())


def stop_words(language: str) -> frozenset[str]:
    """This will return a language's words without content; of an unknown one, all known."""
    return STOP.get(base_of(language), ANY)
