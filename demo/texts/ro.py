"""What Romanian-speaking people write."""

from demo.texts.shape import Texts

MONTHS = (
    "ianuarie", "februarie", "martie", "aprilie", "mai", "iunie",
    "iulie", "august", "septembrie", "octombrie", "noiembrie", "decembrie",
)  # fmt: skip

FEATURES = (
    "Harta live",
    "Panoul de dispecerat",
    "Aplicația de șofer",
    "Planificatorul de rute",
    "Raportul de combustibil",
    "Exportul lunar",
    "Dovada livrării",
    "Calendarul de mentenanță",
    "Portalul clienților",
    "Raportul de taxe de drum",
)

SUBJECTS = {
    "howto": (
        "Cum dau acces unui șofer temporar pentru două săptămâni?",
        "Pot lucra doi dispeceri la aceeași cursă în același timp?",
        "Unde a dispărut butonul de tipărire pentru foaia șoferului?",
        "Doi clienți cu aceeași adresă, cum îi unesc?",
        "Cine are voie să vadă cardurile de combustibil?",
        "În ce abonament este inclus accesul API?",
        "Cum blochez un pod pentru toate cursele până se redeschide?",
        "Import de vreo 300 de adrese din Excel, ce coloane vă trebuie?",
        "{feature}: se poate o scurtă prezentare pentru doi colegi noi?",
        "{feature}: putem redenumi coloanele?",
        "{feature}: cine primește notificările pe e-mail?",
        "{feature}: aveți un ghid scurt de tipărit?",
        "Ce se întâmplă cu celelalte opriri când una întârzie?",
        "Adresă nouă pe avizele noastre de luna viitoare",
        "Adăugarea unui al doilea depozit",
        "Șoferul are telefon nou, cum se autentifică?",
        "Poate o cursă să înceapă într-o țară și să se termine în alta?",
        "Mutarea vehiculului {n} la celălalt depozit",
        "Vehiculul {n} e vândut, cum îl scot fără să pierd istoricul?",
        "Cum copiez planul de săptămâna trecută în săptămâna asta?",
        "Autentificare cu conturile noastre Microsoft",
    ),
    "wish": (
        "Dorință: pauze de masă respectate automat de planificator",
        "Dorință: ecran întunecat pentru tura de noapte",
        "Ar fi bine: sortarea opririlor după client, nu doar după oră",
        "{feature}: se poate primi ca PDF pe e-mail în fiecare luni?",
        "{feature}: vrem un filtru pe depozit, vă rog",
        "{feature}: font mai mare pentru ecranul din curte, vă rog",
        "Idee: orele de condus rămase lângă fiecare cursă",
        "Aveți în plan dube electrice și opriri la încărcare?",
        "Își pot muta clienții singuri intervalul de livrare?",
        "Culori pe grupe de clienți pe hartă?",
    ),
    "bug": (
        "{feature}: se mișcă foarte greu de azi-dimineață",
        "{feature}: eroare 500 la salvare",
        "{feature}: arată datele de ieri",
        "{feature}: pagină goală în Firefox",
        "{feature}: toate orele sunt decalate cu șaizeci de minute",
        "{feature}: modificările dispar după reîncărcare",
        "Exportul pe {month} are totalurile de două ori",
        "Din exportul pe {month} lipsesc ultimele două zile",
        "Consumul pe {month} nu are cum să fie corect",
        "Vehiculul {n} apare de marți în mijlocul Mării Negre",
        "Vehiculul {n} lipsește de pe hartă",
        "Vehiculul {n}: kilometrajul sare înainte și înapoi",
        "Semnăturile apar cu susul în jos pe aviz",
        "Șoferul nu poate încărca poze, aplicația se închide",
        "Adresele cu ș și ț nu sunt găsite la căutare",
        "Planificatorul trimite iar camionul de 7,5 tone prin centrul vechi",
        "Notificările ajung cu douăzeci de minute întârziere",
        "La tipărire se taie ultima coloană",
        "Aceeași oprire apare de două ori pe cursa {n}",
        "Căutarea nu găsește nimic fără cod poștal",
    ),
    "trouble": (
        "Exportul pe {month} e iar stricat, a treia lună la rând",
        "Panoul de dispecerat a picat din nou, de la cursa {n} lucrăm pe hârtie",
        "{feature}: când se rezolvă odată?",
        "{feature}: nu merge de la actualizare, vă rog să mă sunați",
        "Toți șoferii deconectați la 5 dimineața",
        "Nu se poate conecta nimeni, 14 mașini stau în curte",
        "Niciun răspuns la tichetul de săptămâna trecută",
        "Cursele au dispărut după salvare, am pierdut planul pe toată ziua",
        "Ore de livrare greșite trimise la 60 de clienți",
        "Vă rog escaladați: mâine închidem luna și nu avem cifrele",
        "API-ul dă erori de azi-noapte, nu mai intră comenzile",
        "Aceeași problemă ca în {month}, ni s-a spus că e rezolvată",
    ),
    "billing": (
        "Factura pe {month}: avem mai puține locuri de atât",
        "Vă rugăm trimiteți facturile la noua adresă de la contabilitate",
        "Factura pe {month}: lipsește numărul de comandă",
        "Putem trece de la card la transfer bancar?",
        "Cod de TVA greșit pe ultima factură",
        "Cum adaug cinci locuri la mijlocul lunii?",
        "Am nevoie de o copie a facturii pe {month}",
        "Banca ne-a schimbat cardul, unde îl introduc pe cel nou?",
    ),
}

COMMENTS = {
    "promoter": (
        (
            "Planificăm într-o jumătate de oră ce făceam toată dimineața.",
            "Șoferilor le place aplicația, și asta spune multe.",
            "Cei de la suport răspund repede și știu cum lucrăm.",
            "Face ce promite.",
            "Cea mai bună achiziție de anul trecut.",
            "Atât de simplu, că noul coleg a planificat singur din a doua zi.",
            "Facem vizibil mai puțini kilometri.",
            "Foarte bun pentru dispeceri.",
            "Clienții știu în sfârșit când ajungem, telefonul nu mai sună.",
            "Văd dintr-o privire cine întârzie.",
            "Cheltuielile cu motorina au scăzut și pot dovedi asta conducerii.",
            "L-am introdus în toate depozitele fără scandal.",
        ),
        (
            "Țineți-o tot așa.",
            "L-am recomandat deja unei firme prietene.",
            "Și noul panou ne ajută.",
            "Mi-aș mai dori doar dube electrice în planificare.",
            "Ultima actualizare a fost un pas înainte.",
            "Nimeni nu mai vrea înapoi la tabla magnetică.",
            "Mulțumim echipei, mai ales pentru ajutorul de la început.",
            "De luna viitoare intră și al doilea depozit.",
        ),
    ),
    "passive": (
        (
            "Solid, dar rapoartele ar putea fi mai clare.",
            "Merge. Dimineața uneori cam greu.",
            "Produs bun, prețul e la limita de sus.",
            "Planificarea e în regulă, la aplicația de șofer mai e de lucru.",
            "În mare, mulțumiți.",
            "Își face treaba, deși folosim doar jumătate din el.",
            "A durat până s-au obișnuit toți.",
            "Harta e excelentă, exporturile mai puțin.",
            "Util în fiecare zi, nici mai mult, nici mai puțin.",
            "Pentru noi e bine, dar lucrurile mărunte se adună.",
            "Mai puține telefoane ca înainte, e și asta ceva.",
            "Unealtă decentă, de la planificatorul de rute așteptam puțin mai mult.",
        ),
        (
            "Ar prinde bine mai multe exemple în ajutor.",
            "Cu filtre pe depozit ar fi de opt sau nouă.",
            "Lăsați-ne, vă rog, să schimbăm singuri coloanele.",
            "O scurtă instruire pentru colegii noi ar ajuta.",
            "Așteptăm modul offline.",
            "Pe tabletă s-ar putea vedea mai bine.",
            "Echipa din spate e de treabă, trebuie s-o spun.",
            "Vedem ce aduce versiunea următoare.",
        ),
    ),
    "detractor": (
        (
            "Prea complicat pentru ce ne trebuie nouă.",
            "Pierdem mai mult timp corectând rutele decât planificându-le.",
            "Jumătate din echipă s-a întors la Excel.",
            "Sincer, abia dacă îl mai deschidem.",
            "Planificatorul nu ține cont de ce știu șoferii noștri.",
            "La noi nu se simte nimeni cu adevărat responsabil de el.",
            "Lent, mai ales când contează.",
            "Nu s-a potrivit niciodată cu felul nostru de lucru.",
            "Șoferii sună mereu, pentru că aplicația arată altceva.",
            "Ne așteptam la mai mult.",
        ),
        (
            "Nu văd pentru ce plătim.",
            "Dacă nu se schimbă ceva, căutăm altceva.",
            "Orice întrebare durează zile întregi.",
            "Păcat, ideea e bună.",
            "Am spus-o de mai multe ori.",
            "Momentan nu l-aș recomanda.",
            "Ar trebui să stea cineva o zi lângă noi și să vadă.",
            "Și ceilalți din birou v-ar spune la fel.",
        ),
    ),
}

CAUSES = {
    "champion_left": (
        "De când a plecat colegul care l-a configurat, nimeni nu mai știe cum merge.",
        "Administratorul nostru a plecat și am rămas singuri cu el.",
        "Cine și l-a dorit nu mai lucrează aici.",
        "Șef nou, idei noi. Nu suntem siguri că mai avem nevoie de el.",
        "Predarea nu s-a făcut niciodată, așa că apăsăm butoane și sperăm.",
    ),
    "product_trouble": (
        "Exportul pică la fiecare sfârșit de lună și nimeni nu ne spune de ce.",
        "A treia cădere în trimestrul ăsta. Nu am cum să le explic șoferilor.",
        "Erorile se repară și revin la următoarea actualizare.",
        "Aplicația pierde semnături, iar noi ne certăm cu clienții pe livrări.",
        "Tichetele se închid fără să fie rezolvate.",
    ),
    "price_change": (
        "Mai scump, dar nimic nou pentru noi.",
        "A crescut prețul, serviciul nu.",
        "La banii ăștia, alții includ și raportul de taxe de drum.",
        "Scumpirea a venit pe e-mail, fără niciun cuvânt de explicație.",
    ),
    "onboarding_failure": (
        "Configurarea a durat mult mai mult decât ni s-a spus.",
        "După patru luni, două depozite tot nu sunt conectate.",
        "Ni s-a promis ajutor la import și până la urmă l-am făcut singuri.",
        "Nu am apucat niciodată să-l folosim cu adevărat.",
    ),
    "budget_cut": (
        "Trebuie să economisim peste tot, iar pentru trei dube e mult.",
        "Mai puține mașini, același preț. Nu mai iese la socoteală.",
        "Unealtă bună, dar conducerea întreabă acum de fiecare abonament.",
    ),
}

TICKET_COMMENTS = {
    "high": (
        "Rezolvat în zece minute, mulțumesc!",
        "Amabil și rapid.",
        "A înțeles imediat ce voiam.",
        "M-au sunat înapoi în mai puțin de o oră.",
        "Ajutor excelent, cu capturi de ecran și tot ce trebuie.",
        "Perfect, merge din nou.",
    ),
    "mid": (
        "Rezolvat până la urmă, din a doua încercare.",
        "Răspunsul a fost bun, așteptarea mai puțin.",
        "Deocamdată merge.",
        "E bine, dar ghidul trimis nu mai e de actualitate.",
    ),
    "low": (
        "Mi-au cerut de trei ori aceeași captură de ecran.",
        "Tot nerezolvat, dar tichetul e închis.",
        "Nimeni nu a citit ce am scris.",
        "Trei zile pentru un răspuns e prea mult când stau camioanele.",
        "Am primit un link la manual. Manualul îl știu.",
    ),
}

SETUP_COMMENTS = {
    "high": (
        "Importul a mers din prima.",
        "Gata de lucru într-o săptămână, nu ne așteptam.",
        "La discuția de pornire s-a lămurit tot.",
        "Ușor, chiar și pentru șoferii mai în vârstă.",
    ),
    "low": (
        "Importul adreselor a mers abia a patra oară.",
        "Prea mulți pași până vezi prima rută.",
        "Fără colegul de la IT nu am fi reușit.",
        "Nu ne-a spus nimeni că întâi ne trebuie datele mașinilor.",
    ),
}

NOTES = {
    "good": (
        (
            "Planificarea merge strună, fac toate depozitele dintr-o dată.",
            "Foarte mulțumiți de noul panou de dispecerat.",
            "Mi-au arătat cum lucrează dimineața; durează unsprezece minute.",
            "Încă doi dispeceri au învățat singuri din filmulețe.",
            "Atmosferă bună, vorbesc din proprie inițiativă de kilometrii economisiți.",
            "Aplicația de șofer e folosită de toți, chiar și de sceptici.",
            "Vor să-și prezinte cifrele la propria întâlnire de vânzări.",
            "Sezonul de vârf a trecut cu bine, nicio plângere.",
            "Mulțumiți de rute, cer un export programat.",
            "Raportul de taxe de drum îl folosesc deja în fiecare săptămână.",
        ),
        (
            "Ar accepta să fie referință, întreb din nou la primăvară.",
            "Le-am trimis ghidul despre intervale orare.",
            "Vorbim iar peste șase săptămâni.",
            "La anul poate adaugă un depozit.",
            "Nimic restant din partea noastră.",
            "Am promis un răspuns despre export până vineri.",
            "I-am trecut pe lista de testare pentru dubele electrice.",
            "Au întrebat dacă două ture pot împărți un loc; am trimis lista de prețuri.",
        ),
    ),
    "ok": (
        (
            "Discuție obișnuită, fără subiecte mari.",
            "Am trecut prin punctele rămase de data trecută.",
            "Planificarea zilnică merge, rapoartele aproape că nu se folosesc.",
            "Funcțiile de bază sunt folosite bine; harta live și portalul sunt încă oprite.",
            "Au oameni puțini și nu au timp de nimic nou.",
            "Luna viitoare vine un dispecer nou și are nevoie de o introducere.",
            "Întrebări despre drepturile șoferilor temporari.",
            "Mulțumiți, dar aplicația merge greu pe telefoanele lor vechi.",
            "Am vorbit despre raportul de combustibil, cifrele nu le erau clare.",
            "Două din trei depozite sunt active, al treilea planifică tot de mână.",
        ),
        (
            "Trimit un rezumat și o dată.",
            "Instruire stabilită peste două săptămâni.",
            "De verificat peste o lună cum stă al treilea depozit.",
            "Revin ei după sărbători.",
            "Le-am trimis filmulețul despre filtre.",
            "Încă nicio decizie, revin în două săptămâni.",
            "Am întrebat echipa de produs despre formatul exportului.",
            "De urmărit autentificările.",
        ),
    ),
    "bad": (
        (
            "Scurt și rece. Răspund doar la ce întreb.",
            "Au mutat întâlnirea a doua oară.",
            "Doi dispeceri s-au întors la tabelul lor.",
            "Întreabă ce scrie exact în contract și când expiră.",
            "Folosirea a scăzut la jumătate, și o știu și ei.",
            "Supărați pe rutele pe care șoferii le corectează zilnic.",
            "Din ce îmi spune contactul, directorul vrea să vadă și alte oferte.",
            "Nimeni din discuție nu a putut spune cine se ocupă acum de Fleetlane.",
            "Se simt lăsați singuri cu rapoartele.",
            "Listă lungă de nemulțumiri, unele îndreptățite.",
        ),
        (
            "Am propus o zi la sediul lor.",
            "Am nevoie de ajutor de la produs aici, altfel îi pierdem.",
            "Am stabilit trei puncte de rezolvat în două săptămâni.",
            "Încerc să ajung direct la director.",
            "Am dat lista la suport, cu rugămintea să-i sune.",
            "Vorbim joi, împreună cu șefa noastră de suport.",
            "Vor să audă de un abonament mai mic.",
            "Niciun pas următor clar, și asta mă îngrijorează.",
        ),
    ),
    "start": (
        (
            "Am făcut prima ședință, obiectivele sunt clare: mai puține curse goale și mai puține telefoane.",
            "Importul adreselor e gata, au mai rămas vreo patruzeci de dubluri.",
            "Am planificat împreună primele curse pe ecran.",
            "Șoferii primesc aplicația săptămâna viitoare, depozit cu depozit.",
            "Lista lor de mașini vine din trei tabele diferite.",
            "IT-ul trebuie întâi să deschidă firewallul, până atunci stăm.",
            "Am curățat împreună adresele depozitelor.",
            "Dispecerii l-au încercat cu comenzile de săptămâna trecută.",
            "Jumătate din șoferi sunt deja autentificați.",
            "A doua ședință: drepturi, intervale orare, tipuri de mașini.",
        ),
        (
            "Urmează instruirea dispecerilor.",
            "Trimit datele lipsă despre mașini până vineri.",
            "Pornirea e planificată la început de lună.",
            "Ne auzim săptămânal până merge tot.",
            "Deocamdată suntem în grafic.",
            "Mică întârziere din partea lor, nimic grav.",
            "Pentru detalii ținem legătura cu dispecerul.",
        ),
    ),
    "review": (
        (
            "Analiză cu cifre: mai multe curse pe dispecer, mai puțini kilometri pe oprire.",
            "Analiză: am trecut prin obiective, folosirea pe depozite și tichetele deschise.",
            "Discuție cu conducerea; acum se uită la costul pe oprire.",
            "Bilanț la șase luni. Două din trei obiective atinse.",
            "Analiză: am comparat planul cu cursele făcute în {month}.",
        ),
        (
            "Obiectivele pentru următoarele șase luni sunt scrise.",
            "Data viitoare vor să vadă economiile în euro.",
            "Cea mai mare dorință: exporturi mai bune pentru contabilitate.",
            "Următoarea analiză, peste șase luni.",
            "Vor numi un al doilea administrator.",
            "Întrebare deschisă: le trebuie toate locurile?",
        ),
    ),
}

NOTE_CAUSES = {
    "champion_left": (
        (
            "Contactul nostru principal a plecat din firmă; de Fleetlane nu se ocupă încă nimeni.",
            "Am primit răspuns automat: administratorul nostru nu mai lucrează acolo.",
            "Am aflat de la recepție că persoana noastră de contact a plecat. Am cerut un înlocuitor.",
        ),
        (
            "I-am cerut directorului o nouă persoană de contact.",
            "Deocamdată ține locul dispecerul, fără tragere de inimă.",
            "Sun din nou luni.",
            "Am propus o nouă prezentare pentru cine preia.",
        ),
    ),
    "product_trouble": (
        (
            "Exportul a picat iar la sfârșit de lună. Au introdus 200 de rânduri de mână.",
            "Supărați din cauza căderii: curtea a stat de la cinci la opt.",
            "Al treilea tichet pe aceeași problemă. Am cerut un termen de la dezvoltare.",
        ),
        (
            "Am promis un termen până mâine.",
            "Mă țin de asta până se repară.",
            "Vor o explicație în scris.",
            "Am oferit o reducere pe luna asta.",
        ),
    ),
    "price_change": (
        (
            "Nu acceptă noul preț fără o discuție.",
            "Scrisoarea despre preț a picat prost; ne compară cu alți doi.",
            "Au întrebat ce primesc pentru scumpire. Nu am avut un răspuns bun.",
        ),
        (
            "Am trimis un calcul cu ce economisesc.",
            "Discuția cu conducerea e stabilită pentru săptămâna viitoare.",
            "Cer prețul vechi încă un an.",
            "Am verificat dacă le ajunge un abonament mai mic: cu greu.",
        ),
    ),
    "onboarding_failure": (
        (
            "Configurarea stă pe loc: datele mașinilor lipsesc de cinci săptămâni.",
            "Pornirea e amânată din nou, la ei nu are nimeni timp.",
            "După instruire s-a autentificat o singură persoană.",
        ),
        (
            "Am propus să facem noi importul.",
            "Am stabilit o dată nouă, a treia.",
            "Am cerut încă o persoană din partea lor.",
            "O luăm de la capăt, cu un singur depozit.",
        ),
    ),
    "budget_cut": (
        (
            "Taie din costuri și au vândut șase mașini.",
            "Angajări înghețate și economii; se uită la fiecare contract.",
            "Vor să renunțe la o treime din locuri.",
        ),
        (
            "Calculez ce ar însemna mai puține locuri.",
            "De produs nu se îndoiește nimeni.",
            "Decizia vine odată cu bugetul următor.",
            "Am trimis cifrele despre kilometrii economisiți.",
        ),
    ),
    "rollout": (
        (
            "Îl extind la celelalte depozite, urmează și locurile.",
            "Au preluat cursele unui concurent și au nevoie de mai multe locuri.",
            "Noul director de operațiuni e încântat și vrea totul pe panou.",
        ),
        (
            "Instruirea pentru noile depozite e stabilită.",
            "Am trimis oferta pentru mai multe locuri.",
            "Săptămâna viitoare începem cu noii dispeceri.",
            "Vor să meargă totul înainte de sezon.",
        ),
    ),
}

PULSES = {
    "good": (
        (
            "Stabil, crește odată cu noi.",
            "Folosește tot, răspunde repede.",
            "Aici nu am griji.",
            "Susținător puternic, cifre bune.",
            "Cursele merg de la sine.",
            "Relație caldă, vorbim deschis.",
        ),
        (
            "Reînnoirea ar trebui să fie o formalitate.",
            "Bun candidat pentru o referință.",
            "Ar putea veni și alte depozite.",
            "Doar exporturile mai apar din când în când.",
            "Le-am lipsi.",
        ),
    ),
    "ok": (
        (
            "În regulă, dar liniște.",
            "Totul depinde de un singur om.",
            "Folosesc jumătate din ce plătesc.",
            "Nici cald, nici rece.",
            "Își face treaba, fără entuziasm.",
            "Puțin contact în ultima vreme.",
        ),
        (
            "Îmi trebuie o a doua persoană de contact.",
            "O instruire ar ajuta.",
            "Aș vrea să văd activ și al treilea depozit.",
            "De vorbit înainte de sezon.",
            "Poate merge în orice direcție.",
        ),
    ),
    "bad": (
        (
            "Nu aș paria pe reînnoire.",
            "Greu de găsit, folosirea scade.",
            "Caută altceva.",
            "Atmosferă proastă de la ultimele tichete.",
            "Nu ne susține nimeni acolo.",
            "Promisiuni neținute de ambele părți.",
        ),
        (
            "Are nevoie curând de o vizită.",
            "Conducerea noastră ar trebui să o sune pe a lor.",
            "Fără un administrator nou nu iese bine.",
            "Un abonament mai mic i-ar putea salva.",
            "Timpul e scurt.",
        ),
    ),
}

GOODBYES = {
    "champion_left": (
        "Fără fostul nostru administrator nu a mai fost folosit cum trebuie.",
        "Noua conducere a venit cu sistemul ei.",
    ),
    "product_trouble": (
        "Prea multe erori în momente nepotrivite. Am așteptat destul.",
        "Avem nevoie de cifre la final de lună, în fiecare lună.",
    ),
    "price_change": (
        "A fost bine până la scumpire.",
        "Concurența face același lucru cu o treime mai ieftin.",
    ),
    "onboarding_failure": (
        "Ne pare rău, nu am reușit niciodată să-l pornim cum trebuie.",
        "După jumătate de an tot de mână planificam, așa că ne oprim aici.",
    ),
    "budget_cut": (
        "Nimic personal, trebuie să economisim.",
        "Am renunțat la flota proprie și lucrăm acum cu un transportator.",
    ),
    "none": (
        "Până la urmă l-au folosit prea puțini dintre noi.",
        "Firma-mamă impune alt sistem.",
        "Am trecut la o unealtă care vine cu programul nostru de comenzi.",
        "Mulțumim pentru tot, pur și simplu nu ni s-a potrivit.",
    ),
}

TASKS = {
    "champion_left": ("De aflat cine preia administrarea", "De făcut cunoștință cu noul contact"),
    "product_trouble": ("De întrebat cum merge după repararea exportului", "De răspuns la tichetele deschise"),
    "price_change": ("De explicat personal noul preț", "De pregătit discuția despre preț"),
    "onboarding_failure": ("De repornit configurarea", "De oferit a doua instruire pentru dispeceri"),
    "budget_cut": ("De planificat analiza locurilor", "De calculat un abonament mai mic"),
    "quiet": ("De trimis rezumatul folosirii", "De sunat în legătură cu folosirea în scădere", "De aflat de ce nu se mai autentifică dispecerii"),
    "payment": ("De cerut un card nou", "De lămurit plata eșuată"),
    "renewal": ("De pregătit oferta de reînnoire", "De stabilit data discuției de reînnoire"),
    "good": ("De cerut o referință", "De pregătit analiza semestrială"),
}  # fmt: skip

TITLES = {
    "executive": (
        ("Director general", "Directoare generală"),
        ("Administrator firmă", "Administrator firmă"),
        ("Director executiv", "Directoare executivă"),
    ),
    "champion": (
        ("Director de operațiuni", "Directoare de operațiuni"),
        ("Manager transport", "Manager transport"),
        ("Șef de flotă", "Șefă de flotă"),
        ("Manager logistică", "Manager logistică"),
    ),
    "planner": (
        ("Dispecer", "Dispeceră"),
        ("Coordonator transport", "Coordonatoare transport"),
        ("Șef de depozit", "Șefă de depozit"),
    ),
    "finance": (
        ("Contabil", "Contabilă"),
        ("Director economic", "Directoare economică"),
    ),
    "it": (("Administrator IT", "Administrator IT"), ("Șef IT", "Șefă IT")),
}

TEXTS = Texts(
    months=MONTHS,
    features=FEATURES,
    subjects=SUBJECTS,
    comments=COMMENTS,
    causes=CAUSES,
    ticket_comments=TICKET_COMMENTS,
    setup_comments=SETUP_COMMENTS,
    notes=NOTES,
    note_causes=NOTE_CAUSES,
    pulses=PULSES,
    goodbyes=GOODBYES,
    tasks=TASKS,
    titles=TITLES,
)
