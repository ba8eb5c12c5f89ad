"""What German-speaking people write."""

from demo.texts.shape import Texts

MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip

FEATURES = (
    "Live-Karte",
    "Plantafel",
    "Fahrer-App",
    "Tourenplaner",
    "Tankbericht",
    "Monatsexport",
    "Liefernachweis",
    "Wartungskalender",
    "Kundenportal",
    "Mautbericht",
)

SUBJECTS = {
    "howto": (
        "Wie gebe ich einem Aushilfsfahrer für zwei Wochen Zugang?",
        "Können zwei Disponenten gleichzeitig an einer Tour arbeiten?",
        "Wo ist der Druckknopf für das Fahrerblatt hin?",
        "Zwei Kunden mit derselben Adresse zusammenführen",
        "Wer darf die Tankkarten sehen?",
        "In welchem Tarif ist die Schnittstelle enthalten?",
        "Brücke für alle Touren sperren, bis sie wieder offen ist",
        "Etwa 300 Adressen aus Excel importieren, welche Spalten brauchen Sie?",
        "{feature}: Kann das jemand zwei neuen Kollegen zeigen?",
        "{feature}: Lassen sich die Spalten umbenennen?",
        "{feature}: Wer bekommt die Benachrichtigungen?",
        "{feature}: Gibt es eine kurze Anleitung zum Ausdrucken?",
        "Was passiert mit den übrigen Stopps, wenn einer sich verspätet?",
        "Neue Anschrift auf unseren Lieferscheinen ab nächstem Monat",
        "Zweites Depot anlegen",
        "Fahrer hat ein neues Handy, wie meldet er sich an?",
        "Kann eine Tour in einem Land anfangen und im anderen enden?",
        "Fahrzeug {n} ins andere Depot umziehen",
        "Fahrzeug {n} ist verkauft, wie nehme ich es heraus, ohne die Historie zu verlieren?",
        "Wie kopiere ich den Plan der letzten Woche in diese Woche?",
        "Anmeldung mit unseren eigenen Microsoft-Konten",
    ),
    "wish": (
        "Wunsch: Mittagspausen, die der Planer von selbst einhält",
        "Wunsch: dunkle Ansicht für die Nachtschicht",
        "Schön wäre: Stopps nach Kunde sortieren, nicht nur nach Uhrzeit",
        "{feature}: Geht das auch jeden Montag als PDF per Mail?",
        "{feature}: Bitte einen Filter nach Depot",
        "{feature}: Bitte größere Schrift für den Bildschirm im Hof",
        "Idee: Restlenkzeiten gleich neben der Tour anzeigen",
        "Ist etwas für E-Transporter und Ladestopps geplant?",
        "Können Kunden ihr Lieferfenster selbst verschieben?",
        "Farben je Kundengruppe auf der Karte?",
    ),
    "bug": (
        "{feature}: seit heute früh sehr langsam",
        "{feature}: Fehler 500 beim Speichern",
        "{feature}: zeigt Daten von gestern",
        "{feature}: leere Seite in Firefox",
        "{feature}: Uhrzeiten um eine Stunde verschoben",
        "{feature}: Änderungen nach dem Neuladen weg",
        "Export für {month} enthält die Summen doppelt",
        "Im Export für {month} fehlen die letzten zwei Tage",
        "Tankwerte für {month} können nicht stimmen",
        "Fahrzeug {n} steht laut Karte seit Dienstag in der Nordsee",
        "Fahrzeug {n} fehlt auf der Karte",
        "Fahrzeug {n}: Kilometerstand springt hin und her",
        "Unterschriften stehen auf dem Lieferschein auf dem Kopf",
        "Fahrer kann keine Fotos hochladen, App schließt sich",
        "Adressen mit Umlaut werden nicht gefunden",
        "Planer schickt den 7,5-Tonner wieder durch die Altstadt",
        "Meldungen kommen zwanzig Minuten zu spät an",
        "Druckansicht schneidet die letzte Spalte ab",
        "Derselbe Stopp steht zweimal auf Tour {n}",
        "Suche findet ohne Postleitzahl nichts",
    ),
    "trouble": (
        "Export für {month} schon wieder kaputt, dritter Monat in Folge",
        "Plantafel wieder ausgefallen, ab Tour {n} disponieren wir auf Papier",
        "{feature}: Wann wird das endlich behoben?",
        "{feature}: seit dem Update nicht nutzbar, bitte um Rückruf",
        "Alle Fahrer um 5 Uhr früh abgemeldet",
        "Niemand kommt rein, 14 Fahrzeuge stehen im Hof",
        "Keine Antwort auf mein Ticket von letzter Woche",
        "Touren nach dem Speichern weg, Planung eines ganzen Tages verloren",
        "Falsche Lieferzeiten an 60 Kunden verschickt",
        "Bitte eskalieren: morgen ist Monatsabschluss und wir haben keine Zahlen",
        "Schnittstelle wirft seit der Nacht Fehler, Aufträge kommen nicht an",
        "Gleicher Fehler wie im {month}, angeblich war er behoben",
    ),
    "billing": (
        "Rechnung {month}: So viele Plätze haben wir nicht",
        "Rechnungen bitte an unsere neue Buchhaltungsadresse",
        "Rechnung {month}: Bestellnummer fehlt",
        "Können wir von Karte auf Überweisung umstellen?",
        "USt-IdNr. auf der letzten Rechnung falsch",
        "Wie buche ich mitten im Monat fünf Plätze dazu?",
        "Brauche eine Kopie der Rechnung für {month}",
        "Karte wurde von der Bank getauscht, wo trage ich die neue ein?",
    ),
}

COMMENTS = {
    "promoter": (
        (
            "Wir planen in einer halben Stunde, wofür wir früher den ganzen Vormittag gebraucht haben.",
            "Die Fahrer mögen die App, das will etwas heißen.",
            "Der Support antwortet schnell und kennt unsere Einrichtung.",
            "Hält, was es verspricht.",
            "Die beste Anschaffung im letzten Jahr.",
            "So einfach, dass die Aushilfe am zweiten Tag allein geplant hat.",
            "Wir fahren spürbar weniger Kilometer.",
            "Gut für die Disposition.",
            "Unsere Kunden wissen endlich, wann wir kommen, das Telefon steht still.",
            "Ich sehe auf einen Blick, wer zu spät ist.",
            "Spritkosten sind runter und ich kann es der Geschäftsführung belegen.",
            "In allen Depots ohne Drama eingeführt.",
        ),
        (
            "Weiter so.",
            "Schon an einen befreundeten Betrieb weiterempfohlen.",
            "Die neue Übersicht hilft zusätzlich.",
            "Nur E-Transporter in der Planung fehlen mir noch.",
            "Das letzte Update war ein echter Fortschritt.",
            "Zurück zur Magnettafel will hier keiner mehr.",
            "Danke ans Team, vor allem für die Hilfe am Anfang.",
            "Nächsten Monat kommt ein zweites Depot dazu.",
        ),
    ),
    "passive": (
        (
            "Solide, aber die Berichte könnten klarer sein.",
            "Funktioniert. Morgens manchmal etwas träge.",
            "Gutes Produkt, preislich an der oberen Grenze.",
            "Planung passt, an der Fahrer-App muss noch gearbeitet werden.",
            "Im Großen und Ganzen zufrieden.",
            "Tut, was es soll, wir nutzen aber nur die Hälfte.",
            "Hat gedauert, bis alle dabei waren.",
            "Karte super, Exporte weniger.",
            "Jeden Tag nützlich, nicht mehr und nicht weniger.",
            "Für uns in Ordnung, die Kleinigkeiten summieren sich aber.",
            "Weniger Anrufe als früher, das ist schon was wert.",
            "Ordentliches Werkzeug, vom Tourenplaner hatten wir etwas mehr erwartet.",
        ),
        (
            "Mehr Beispiele in der Hilfe wären schön.",
            "Mit Filtern je Depot wäre es eine Acht oder Neun.",
            "Bitte lasst uns die Spalten selbst ändern.",
            "Eine kurze Schulung für neue Kollegen würde helfen.",
            "Wir freuen uns auf den Offline-Modus.",
            "Die Ansicht auf dem Tablet könnte besser sein.",
            "Das Team dahinter ist nett, das muss man sagen.",
            "Mal sehen, was die nächste Version bringt.",
        ),
    ),
    "detractor": (
        (
            "Zu kompliziert für das, was wir brauchen.",
            "Wir korrigieren Touren länger, als wir sie planen.",
            "Die halbe Abteilung ist wieder bei Excel.",
            "Ehrlich gesagt öffnen wir es kaum noch.",
            "Der Planer ignoriert, was unsere Fahrer wissen.",
            "Bei uns fühlt sich keiner so richtig zuständig.",
            "Langsam, und am langsamsten, wenn es darauf ankommt.",
            "Hat nie ganz zu unserer Arbeitsweise gepasst.",
            "Die Fahrer rufen ständig an, weil die App etwas anderes zeigt.",
            "Wir hatten mehr erwartet.",
        ),
        (
            "Ich sehe nicht, wofür wir zahlen.",
            "Wenn sich das nicht ändert, schauen wir uns um.",
            "Jede Rückfrage dauert Tage.",
            "Schade, die Idee ist gut.",
            "Das haben wir mehrmals gesagt.",
            "Im Moment kann ich es nicht empfehlen.",
            "Es müsste mal jemand einen Tag bei uns danebensitzen.",
            "Die anderen im Büro würden dasselbe sagen.",
        ),
    ),
}

CAUSES = {
    "champion_left": (
        "Seit der Kollege weg ist, der alles eingerichtet hat, weiß keiner mehr, wie es geht.",
        "Unsere Administratorin ist gegangen und wir stehen allein da.",
        "Wer es damals wollte, arbeitet nicht mehr hier.",
        "Neuer Chef, neue Ideen. Ob wir es noch brauchen, ist offen.",
        "Eine Übergabe gab es nie, also klicken wir herum und hoffen.",
    ),
    "product_trouble": (
        "Jeden Monatsabschluss bricht der Export ab und niemand sagt uns, warum.",
        "Der dritte Ausfall in diesem Quartal. Das kann ich meinen Fahrern nicht erklären.",
        "Fehler werden behoben und kommen mit dem nächsten Update wieder.",
        "Die App verliert Unterschriften, und wir streiten dann mit Kunden über Lieferungen.",
        "Tickets werden geschlossen, ohne gelöst zu sein.",
    ),
    "price_change": (
        "Teurer geworden, aber nichts Neues für uns.",
        "Der Preis ist gestiegen, die Leistung nicht.",
        "Für das Geld ist bei anderen der Mautbericht dabei.",
        "Die Preiserhöhung kam per Mail, ohne ein Wort der Erklärung.",
    ),
    "onboarding_failure": (
        "Die Einrichtung hat viel länger gedauert als angekündigt.",
        "Nach vier Monaten sind zwei Depots immer noch nicht angebunden.",
        "Hilfe beim Import war versprochen, am Ende haben wir es selbst gemacht.",
        "Sind damit nie richtig in Gang gekommen.",
    ),
    "budget_cut": (
        "Wir müssen überall sparen, und für drei Transporter ist das viel Geld.",
        "Weniger Fahrzeuge, gleicher Preis. Das rechnet sich nicht mehr.",
        "Gutes Werkzeug, aber die Geschäftsführung fragt jetzt bei jedem Abo nach.",
    ),
}

TICKET_COMMENTS = {
    "high": (
        "In zehn Minuten gelöst, danke!",
        "Freundlich und flott.",
        "Hat sofort verstanden, was ich meine.",
        "Rückruf innerhalb einer Stunde, vorbildlich.",
        "Super Hilfe, mit Bildschirmfotos und allem.",
        "Perfekt, läuft wieder.",
    ),
    "mid": (
        "Am Ende gelöst, im zweiten Anlauf.",
        "Antwort war gut, die Wartezeit weniger.",
        "Für den Moment geht es.",
        "Passt, aber die verschickte Anleitung ist veraltet.",
    ),
    "low": (
        "Dreimal nach demselben Bildschirmfoto gefragt.",
        "Immer noch nicht gelöst, das Ticket ist trotzdem zu.",
        "Niemand hat gelesen, was ich geschrieben habe.",
        "Drei Tage auf Antwort warten geht nicht, wenn die LKW stehen.",
        "Bekam einen Link zum Handbuch. Das Handbuch kenne ich.",
    ),
}

SETUP_COMMENTS = {
    "high": (
        "Der Import lief beim ersten Versuch durch.",
        "Nach einer Woche startklar, damit hatten wir nicht gerechnet.",
        "Im Einrichtungsgespräch wurde alles geklärt.",
        "Leicht, auch für unsere älteren Fahrer.",
    ),
    "low": (
        "Der Adressimport hat vier Anläufe gebraucht.",
        "Zu viele Schritte, bis man die erste Tour sieht.",
        "Ohne den Kollegen aus der IT hätten wir es nicht geschafft.",
        "Dass wir zuerst die Fahrzeugdaten brauchen, hat uns keiner gesagt.",
    ),
}

NOTES = {
    "good": (
        (
            "Planung läuft rund, sie machen jetzt alle Depots in einem Zug.",
            "Sehr zufrieden mit der neuen Plantafel.",
            "Haben mir ihren Morgenablauf gezeigt, dauert elf Minuten.",
            "Zwei weitere Disponenten haben sich mit den Videos selbst eingearbeitet.",
            "Gute Stimmung, sprechen von sich aus über gesparte Kilometer.",
            "Die Fahrer-App nutzen alle, auch die Skeptiker.",
            "Sie wollen ihre Zahlen auf der eigenen Vertriebstagung zeigen.",
            "Hochsaison gut überstanden, keine einzige Beschwerde.",
            "Mit den Touren zufrieden, wünschen sich einen automatischen Export.",
            "Den Mautbericht nutzen sie inzwischen jede Woche.",
        ),
        (
            "Würden als Referenz bereitstehen, im Frühjahr noch mal fragen.",
            "Anleitung zu Zeitfenstern geschickt.",
            "Nächstes Gespräch in sechs Wochen.",
            "Nächstes Jahr kommt vielleicht ein Depot dazu.",
            "Bei uns ist nichts offen.",
            "Antwort zum Export bis Freitag versprochen.",
            "Auf die Liste für den Test der Elektroplanung gesetzt.",
            "Fragten, ob sich zwei Schichten einen Platz teilen können; Preisliste geschickt.",
        ),
    ),
    "ok": (
        (
            "Regeltermin, keine großen Themen.",
            "Offene Punkte vom letzten Mal durchgegangen.",
            "Tagesplanung läuft, Berichte werden kaum genutzt.",
            "Grundfunktionen sitzen, Live-Karte und Portal sind noch aus.",
            "Zu wenig Leute, für Neues bleibt keine Zeit.",
            "Nächsten Monat fängt ein neuer Disponent an, braucht eine Einführung.",
            "Fragen zu Rechten für Aushilfsfahrer.",
            "Zufrieden, aber die App ist auf ihren alten Handys träge.",
            "Über den Tankbericht gesprochen, die Zahlen waren ihnen unklar.",
            "Zwei von drei Depots sind aktiv, das dritte plant noch von Hand.",
        ),
        (
            "Schicke eine Zusammenfassung und einen Termin.",
            "Schulung für übernächste Woche gebucht.",
            "In einem Monat die Nutzung im dritten Depot prüfen.",
            "Sie melden sich nach den Ferien.",
            "Kurzes Video zu den Filtern geschickt.",
            "Noch keine Entscheidung, in zwei Wochen nachfassen.",
            "Beim Produktteam nach dem Exportformat gefragt.",
            "Anmeldungen im Auge behalten.",
        ),
    ),
    "bad": (
        (
            "Kurz angebunden. Sie antworten nur auf das, was ich frage.",
            "Termin zum zweiten Mal verschoben.",
            "Zwei Disponenten sind wieder bei ihrer Tabelle.",
            "Sie fragen, was genau im Vertrag steht und wann er endet.",
            "Nutzung hat sich halbiert, und das wissen sie auch.",
            "Verärgert über Touren, die die Fahrer jeden Tag korrigieren müssen.",
            "Laut Ansprechpartner will die Geschäftsführung andere Angebote sehen.",
            "Im Gespräch konnte niemand sagen, wer sich jetzt um Fleetlane kümmert.",
            "Mit den Berichten fühlen sie sich alleingelassen.",
            "Lange Liste von Beschwerden, manche davon berechtigt.",
        ),
        (
            "Einen Tag vor Ort angeboten.",
            "Hier brauche ich Hilfe vom Produktteam, sonst verlieren wir sie.",
            "Drei Punkte vereinbart, die wir in zwei Wochen lösen.",
            "Versuche, die Geschäftsführung direkt zu erreichen.",
            "Liste an den Support gegeben, mit Bitte um Rückruf.",
            "Nächstes Gespräch am Donnerstag, mit unserer Supportleitung.",
            "Sie wollen etwas über einen kleineren Tarif hören.",
            "Kein klarer nächster Schritt, das macht mir Sorgen.",
        ),
    ),
    "start": (
        (
            "Auftakt gemacht, Ziele sind klar: weniger Leerfahrten, weniger Anrufe.",
            "Adressimport ist durch, rund vierzig Dubletten noch übrig.",
            "Die ersten Touren gemeinsam am Bildschirm geplant.",
            "Fahrer bekommen die App nächste Woche, Depot für Depot.",
            "Ihre Fahrzeugliste kommt aus drei verschiedenen Tabellen.",
            "Die IT muss erst die Firewall öffnen, vorher geht es nicht weiter.",
            "Die Depotadressen gemeinsam bereinigt.",
            "Die Disponenten haben es mit den Aufträgen der letzten Woche ausprobiert.",
            "Die Hälfte der Fahrer ist schon angemeldet.",
            "Zweiter Termin: Rechte, Zeitfenster, Fahrzeugtypen.",
        ),
        (
            "Nächster Schritt: Schulung der Disponenten.",
            "Fehlende Fahrzeugdaten kommen bis Freitag.",
            "Start ist zum Monatsersten geplant.",
            "Wöchentlicher Termin, bis alles läuft.",
            "Bisher im Zeitplan.",
            "Kleine Verzögerung auf ihrer Seite, nichts Ernstes.",
            "Für Einzelheiten ist der Disponent unser Kontakt.",
        ),
    ),
    "review": (
        (
            "Halbjahresgespräch mit Zahlen: mehr Touren je Disponent, weniger Kilometer je Stopp.",
            "Halbjahresgespräch: Ziele, Nutzung je Depot und offene Tickets durchgegangen.",
            "Gespräch mit der Geschäftsführung; dort zählt jetzt der Preis pro Stopp.",
            "Halbjahresbilanz. Zwei von drei Zielen erreicht.",
            "Auswertung: Plan und gefahrene Touren im {month} verglichen.",
        ),
        (
            "Ziele für das nächste Halbjahr sind festgehalten.",
            "Beim nächsten Mal wollen sie die Ersparnis in Euro sehen.",
            "Größter Wunsch: bessere Exporte für die Buchhaltung.",
            "Nächstes Gespräch dieser Art in sechs Monaten.",
            "Sie benennen eine zweite Person als Administrator.",
            "Offene Frage: Brauchen sie alle Plätze?",
        ),
    ),
}

NOTE_CAUSES = {
    "champion_left": (
        (
            "Unser wichtigster Ansprechpartner hat die Firma verlassen, Fleetlane hat noch niemand übernommen.",
            "Automatische Antwort bekommen: Unser Administrator arbeitet nicht mehr dort.",
            "Am Empfang erfahren, dass unser Kontakt weg ist. Nach Nachfolge gefragt.",
        ),
        (
            "Die Geschäftsführung um einen neuen Ansprechpartner gebeten.",
            "Die Disposition vertritt vorerst, eher widerwillig.",
            "Rufe am Montag wieder an.",
            "Neue Einführung angeboten, egal wer übernimmt.",
        ),
    ),
    "product_trouble": (
        (
            "Export zum Monatsende wieder gescheitert. 200 Zeilen mussten von Hand erfasst werden.",
            "Sauer wegen des Ausfalls: Von fünf bis acht stand der Hof still.",
            "Drittes Ticket zum selben Fehler. Bei der Entwicklung nach einem Termin gefragt.",
        ),
        (
            "Termin bis morgen zugesagt.",
            "Ich bleibe dran, bis es behoben ist.",
            "Sie wollen eine schriftliche Erklärung.",
            "Gutschrift für den Monat angeboten.",
        ),
    ),
    "price_change": (
        (
            "Den neuen Preis akzeptieren sie nicht ohne Gespräch.",
            "Das Preisschreiben kam schlecht an, sie vergleichen uns mit zwei anderen.",
            "Fragten, was sie für die Erhöhung bekommen. Ich hatte keine gute Antwort.",
        ),
        (
            "Rechnung geschickt, was sie einsparen.",
            "Gespräch mit der Leitung ist für nächste Woche vereinbart.",
            "Sie bitten um den alten Preis für ein weiteres Jahr.",
            "Geprüft, ob ein kleinerer Tarif passt: kaum.",
        ),
    ),
    "onboarding_failure": (
        (
            "Einrichtung hängt: Fahrzeugdaten fehlen seit fünf Wochen.",
            "Start wieder verschoben, auf ihrer Seite hat niemand Zeit.",
            "Nach der Schulung hat sich nur eine einzige Person angemeldet.",
        ),
        (
            "Angeboten, den Import für sie zu machen.",
            "Neuer Termin steht, der dritte.",
            "Um eine zweite Person auf ihrer Seite gebeten.",
            "Wir fangen noch einmal mit nur einem Depot an.",
        ),
    ),
    "budget_cut": (
        (
            "Sie sparen und haben sechs Fahrzeuge verkauft.",
            "Einstellungsstopp und Sparrunde, jeder Vertrag wird angeschaut.",
            "Sie möchten ein Drittel der Plätze zurückgeben.",
        ),
        (
            "Rechne aus, was weniger Plätze bedeuten würden.",
            "Am Produkt selbst zweifelt niemand.",
            "Entschieden wird mit dem nächsten Budget.",
            "Zahlen zu den gesparten Kilometern geschickt.",
        ),
    ),
    "rollout": (
        (
            "Sie rollen es in den übrigen Depots aus, Plätze folgen.",
            "Haben Touren eines Mitbewerbers übernommen und brauchen mehr Plätze.",
            "Die neue Betriebsleitung ist begeistert und will alles auf der Tafel sehen.",
        ),
        (
            "Schulung für die neuen Depots ist gebucht.",
            "Angebot über weitere Plätze geschickt.",
            "Auftakt mit den neuen Disponenten nächste Woche.",
            "Vor der Saison soll alles laufen.",
        ),
    ),
}

PULSES = {
    "good": (
        (
            "Stabil, wächst mit uns.",
            "Nutzt alles, antwortet schnell.",
            "Hier mache ich mir keine Sorgen.",
            "Starker Fürsprecher, gute Zahlen.",
            "Die Touren laufen von allein.",
            "Herzliches Verhältnis, offene Worte.",
        ),
        (
            "Verlängerung dürfte Formsache sein.",
            "Guter Kandidat für eine Referenz.",
            "Weitere Depots sind denkbar.",
            "Nur die Exporte sind ab und zu Thema.",
            "Sie würden uns vermissen.",
        ),
    ),
    "ok": (
        (
            "In Ordnung, aber still.",
            "Hängt an einer einzigen Person.",
            "Nutzt die Hälfte von dem, was sie zahlen.",
            "Weder warm noch kalt.",
            "Tut seinen Dienst, Begeisterung sieht anders aus.",
            "Zuletzt wenig Kontakt.",
        ),
        (
            "Brauche einen zweiten Ansprechpartner.",
            "Eine Schulung würde helfen.",
            "Das dritte Depot sollte endlich mitmachen.",
            "Vor der Saison noch einmal sprechen.",
            "Kann so oder so ausgehen.",
        ),
    ),
    "bad": (
        (
            "Auf die Verlängerung würde ich nicht wetten.",
            "Schwer zu erreichen, Nutzung fällt.",
            "Sie sehen sich um.",
            "Seit den letzten Tickets ist die Stimmung schlecht.",
            "Dort setzt sich niemand für uns ein.",
            "Zusagen wurden auf beiden Seiten nicht gehalten.",
        ),
        (
            "Braucht bald einen Besuch.",
            "Unsere Leitung sollte bei ihrer anrufen.",
            "Ohne neuen Administrator geht das schief.",
            "Ein kleinerer Tarif könnte es retten.",
            "Die Zeit ist knapp.",
        ),
    ),
}

GOODBYES = {
    "champion_left": (
        "Ohne unsere frühere Administratorin wurde es nie wieder richtig genutzt.",
        "Die neue Leitung hat ihr eigenes System mitgebracht.",
    ),
    "product_trouble": (
        "Zu viele Fehler im falschen Moment. Wir haben lange genug gewartet.",
        "Zum Monatsende brauchen wir Zahlen, und zwar jeden Monat.",
    ),
    "price_change": (
        "Bis zur Preiserhöhung war alles gut.",
        "Der Mitbewerber macht dasselbe für ein Drittel weniger.",
    ),
    "onboarding_failure": (
        "Wir haben es leider nie zum Laufen gebracht.",
        "Nach einem halben Jahr planten wir noch immer von Hand, also hören wir auf.",
    ),
    "budget_cut": (
        "Nichts Persönliches, wir müssen sparen.",
        "Wir haben den eigenen Fuhrpark aufgegeben und lassen jetzt fahren.",
    ),
    "none": (
        "Am Ende haben es zu wenige von uns genutzt.",
        "Unsere Muttergesellschaft schreibt ein anderes System vor.",
        "Wir sind zu einem Werkzeug gewechselt, das bei unserer Auftragssoftware dabei ist.",
        "Danke für alles, es hat einfach nicht gepasst.",
    ),
}

TASKS = {
    "champion_left": ("Klären, wer als Administrator übernimmt", "Beim neuen Kontakt vorstellen"),
    "product_trouble": ("Nach der Export-Korrektur nachfragen", "Zu den offenen Tickets Bescheid geben"),
    "price_change": ("Den neuen Preis persönlich erklären", "Gespräch zur Preisanpassung vorbereiten"),
    "onboarding_failure": ("Einrichtung wieder in Gang bringen", "Zweite Schulung für die Disponenten anbieten"),
    "budget_cut": ("Durchsicht der Plätze planen", "Kleineren Tarif durchrechnen"),
    "quiet": ("Nutzungsübersicht schicken", "Wegen der sinkenden Nutzung anrufen", "Klären, warum sich die Disponenten nicht mehr anmelden"),
    "payment": ("Neue Karte erbitten", "Fehlgeschlagene Zahlung klären"),
    "renewal": ("Angebot zur Verlängerung vorbereiten", "Termin für das Verlängerungsgespräch ausmachen"),
    "good": ("Nach einer Referenz fragen", "Halbjahresgespräch vorbereiten"),
}  # fmt: skip

TITLES = {
    "executive": (
        ("Geschäftsführer", "Geschäftsführerin"),
        ("Inhaber", "Inhaberin"),
        ("Betriebsleiter", "Betriebsleiterin"),
    ),
    "champion": (
        ("Leiter Logistik", "Leiterin Logistik"),
        ("Fuhrparkleiter", "Fuhrparkleiterin"),
        ("Leiter Disposition", "Leiterin Disposition"),
        ("Niederlassungsleiter", "Niederlassungsleiterin"),
    ),
    "planner": (
        ("Disponent", "Disponentin"),
        ("Tourenplaner", "Tourenplanerin"),
        ("Depotleiter", "Depotleiterin"),
    ),
    "finance": (
        ("Buchhalter", "Buchhalterin"),
        ("Kaufmännischer Leiter", "Kaufmännische Leiterin"),
    ),
    "it": (("IT-Administrator", "IT-Administratorin"), ("Leiter IT", "Leiterin IT")),
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
