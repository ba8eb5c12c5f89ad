"""First names and surnames, by country. Any likeness to real people is chance."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """The names of a country: women's, men's, surnames."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    """This will split at bars, so that names of two words stay together."""
    return tuple(word.strip() for word in text.split("|"))


GERMAN = Names(
    _words(
        "Anna|Katharina|Sabine|Jana|Ulrike|Birgit|Miriam|Heike|Lena|Franziska|Theresa|Silke"
        "|Johanna|Petra|Nadine|Käthe|Melanie|Susanne|Vera|Aylin|Agnieszka|Mei|Fatma|Olga"
        "|Greta|Antje|Cornelia|Romy|Hannah|Britta"
    ),
    _words(
        "Thomas|Stefan|Jörg|Matthias|Andreas|Jürgen|Florian|Sebastian|Holger|Uwe|Tobias"
        "|Markus|Björn|Lukas|Philipp|Günther|Dominik|Ralf|Emre|Mehmet|Piotr|Samir|Duc"
        "|Niklas|Hendrik|Moritz|Volker|Sören|Kaspar|Mirko"
    ),
    _words(
        "Brandt|Hölzl|Kessler|Lindner|Böttcher|Ahrens|Schäfer|Vogt|Hartmann|Reuter|Jansen"
        "|Krüger|Seidel|Pohl|Winkler|Baumann|Göbel|Thiele|Rößler|Marquardt|Ziegler|Fröhlich"
        "|Nowak|Yıldız|Demir|Nguyen|Kowalski|Haddad|Großmann|Lorenz|Stadler|Moser|Gruber"
        "|Pichler|Wüthrich|Zimmerli|Hoffmeister|Ebert|Dietrich|Scholz|Bühler|Köhler|Weiß"
        "|Hagedorn|Strobl|Eder|Wallner|Kühne|Petersen|Lange"
    ),
)
ROMANIAN = Names(
    _words(
        "Ioana|Elena|Andreea|Mihaela|Raluca|Simona|Oana|Cristina|Alina|Daniela|Roxana"
        "|Gabriela|Anca|Laura|Ștefania|Irina|Mădălina|Corina|Bianca|Lavinia|Réka|Ildikó"
        "|Camelia|Teodora|Carmen|Diana|Monica|Adina|Sorina|Ilinca"
    ),
    _words(
        "Andrei|Mihai|Alexandru|Răzvan|Bogdan|Cătălin|Ionuț|Vlad|Ștefan|Radu|Adrian|Sorin"
        "|Florin|Gheorghe|Dragoș|Cosmin|Lucian|Marius|Ovidiu|Sebastian|Attila|Zoltán"
        "|Liviu|Traian|Octavian|Călin|Tudor|Silviu|Emil|Doru"
    ),
    _words(
        "Popa|Ionescu|Dumitrescu|Stoica|Munteanu|Rusu|Moldovan|Crișan|Bălan|Țurcanu"
        "|Ciobanu|Mureșan|Dragomir|Lupu|Nistor|Pîrvu|Șerban|Avram|Coman|Bucur|Toma|Neagu"
        "|Voicu|Manole|Oprea|Grigore|Pușcaș|Câmpeanu|Sârbu|Szabó|Kovács|Nagy|Tănase|Enache"
        "|Vasilescu|Hurmuz|Lazăr|Iliescu|Petrescu|Chirilă|Blaga|Mihăilă|Păun|Drăgan|Suciu"
        "|Rotaru|Filip|Stănescu|Ardelean|Feier"
    ),
)
BRITISH = Names(
    _words(
        "Emma|Charlotte|Hannah|Priya|Zoe|Gemma|Rebecca|Amara|Nicola|Louise|Aisha|Bethan"
        "|Fiona|Harriet|Joanne|Kirsty|Megan|Naomi|Sophie|Yasmin"
    ),
    _words(
        "Tom|Oliver|James|Imran|Callum|Gareth|Daniel|Kwame|Simon|Rhys|Alistair|Ben|Dev"
        "|Ewan|Graham|Harry|Martin|Neil|Stuart|Winston"
    ),
    _words(
        "Reyes|Whitfield|Patel|Hughes|Okafor|Barlow|Ellison|Farrow|Garside|Hussain|Ingram"
        "|Jarvis|Kendrick|Llewellyn|Mercer|Nash|Osborne|Pritchard|Rahman|Sinclair|Thorne"
        "|Underwood|Vaughan|Wainwright|Yates|Adeyemi|Boyce|Carver|Dhillon|Everett|Mackay"
    ),
)
IRISH = Names(
    _words(
        "Aoife|Niamh|Róisín|Sinéad|Ciara|Orla|Siobhán|Gráinne|Maeve|Deirdre|Caoimhe|Clodagh"
        "|Áine|Nuala|Blessing|Magda"
    ),
    _words(
        "Seán|Cillian|Eoin|Pádraig|Conor|Declan|Fionn|Ruairí|Tadhg|Brendan|Colm|Dara|Killian"
        "|Marek|Chidi|Fergal"
    ),
    _words(
        "O’Brien|Kelleher|Ní Dhomhnaill|Gallagher|Fitzgerald|Nolan|O’Sullivan|Doyle|McGrath"
        "|Keane|Hennessy|Mulcahy|Tierney|Breathnach|Costello|Devlin|Egan|Flanagan|Wójcik"
        "|Hanlon|Lacey|Madden|Ó Súilleabháin|Quinlan"
    ),
)
DUTCH = Names(
    _words(
        "Sanne|Lotte|Femke|Marieke|Anouk|Eline|Fleur|Inge|Jolanda|Karin|Maud|Noor|Saskia"
        "|Tineke|Veerle|Yara|Fatima|Els|Céline|Wendy"
    ),
    _words(
        "Bram|Jeroen|Thijs|Sander|Pieter|Ruben|Koen|Wouter|Joost|Maarten|Daan|Hugo|Niels"
        "|Rachid|Stijn|Tim|Wim|Dries|Loïc|Youssef"
    ),
    _words(
        "Visser|de Boer|van Dijk|Kok|Bakker|Smit|Mulder|Hendriks|van den Berg|Kuipers"
        "|Peeters|Claes|Wouters|Janssens|Verhoeven|de Graaf|El Amrani|Vermeulen|Postma"
        "|Hoekstra|Kramer|van Loon|Dekker|Maes|Goossens|Willems|Scholten|Bosman"
    ),
)
DANISH = Names(
    _words("Freja|Mette|Signe|Karen|Lærke|Bodil|Ida|Trine|Sofie|Amina|Åse|Gitte"),
    _words("Søren|Jens|Rasmus|Anders|Bjarne|Mads|Morten|Kåre|Lars|Jesper|Ali|Troels"),
    _words(
        "Nygaard|Kjær|Sørensen|Holm|Bækgaard|Thorsen|Østergaard|Dahl|Brøndum|Lund|Friis"
        "|Krogh|Vestergaard|Aagaard"
    ),
)
SWEDISH = Names(
    _words("Åsa|Elin|Maja|Ingrid|Karin|Linnéa|Sara|Ebba|Frida|Märta|Leila|Ulla"),
    _words("Björn|Erik|Göran|Lars|Nils|Oskar|Per|Håkan|Jonas|Mattias|Hamid|Axel"),
    _words(
        "Lindberg|Åkesson|Sjöberg|Nyström|Hedlund|Ek|Norén|Öberg|Wallin|Bergström|Hägg"
        "|Sandell|Forsman|Lind"
    ),
)

NAMES: dict[str, Names] = {
    "DE": GERMAN,
    "AT": GERMAN,
    "CH": GERMAN,
    "RO": ROMANIAN,
    "GB": BRITISH,
    "IE": IRISH,
    "NL": DUTCH,
    "BE": DUTCH,
    "DK": DANISH,
    "SE": SWEDISH,
}
