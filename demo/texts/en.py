"""What English-speaking people write."""

from demo.texts.shape import Texts

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

FEATURES = (
    "Live map",
    "Dispatch board",
    "Driver app",
    "Route planner",
    "Fuel report",
    "Month-end export",
    "Proof of delivery",
    "Maintenance calendar",
    "Customer portal",
    "Toll report",
)

SUBJECTS = {
    "howto": (
        "How do I give a temp driver access for two weeks?",
        "Can two planners work on the same tour at once?",
        "Where did the print button for the driver sheet go?",
        "Two customers with the same address, how do I merge them?",
        "Who is allowed to see the fuel cards?",
        "Which plan includes the API?",
        "Blocking a bridge for all tours until it reopens",
        "Importing about 300 addresses from Excel, which columns do you need?",
        "{feature}: could somebody show it to two new colleagues?",
        "{feature}: can we rename the columns?",
        "{feature}: who gets the notification mails?",
        "{feature}: is there a short guide we can print?",
        "What happens to the other stops when one is late?",
        "New address on our delivery notes from next month",
        "Adding a second depot",
        "Driver got a new phone, how does he sign in?",
        "Can a tour start in one country and end in another?",
        "Moving vehicle {n} from one depot to the other",
        "Vehicle {n} is sold, how do I take it out without losing the history?",
        "How do I copy last week's plan to this week?",
        "Signing in with our own Microsoft accounts",
    ),
    "wish": (
        "Wish: lunch breaks that the planner respects by itself",
        "Wish: a dark screen for the night shift",
        "Would be great: sort stops by customer, not only by time",
        "{feature}: could we get this as a PDF by mail every Monday?",
        "{feature}: please let us filter by depot",
        "{feature}: a bigger font for the screen in the yard, please",
        "Idea: show the drivers' remaining hours next to the tour",
        "Any plans for electric vans and charging stops?",
        "Could customers move their delivery slot themselves?",
        "Colours per customer group on the map?",
    ),
    "bug": (
        "{feature}: very slow since this morning",
        "{feature}: error 500 when saving",
        "{feature}: shows yesterday's data",
        "{feature}: empty page in Firefox",
        "{feature}: times are one hour off",
        "{feature}: changes are gone after reload",
        "Export for {month} has the totals twice",
        "Export for {month} is missing the last two days",
        "Fuel figures for {month} can't be right",
        "Vehicle {n} has been standing in the North Sea since Tuesday",
        "Vehicle {n} missing from the map",
        "Vehicle {n}: odometer jumps back and forth",
        "Signature photos upside down on the delivery note",
        "Driver can't upload photos, app closes",
        "Stops with an apostrophe in the name can't be found",
        "Planner sends a 7.5 tonne lorry through the old town again",
        "Push messages arrive twenty minutes late",
        "Print view cuts off the last column",
        "Same stop appears twice on tour {n}",
        "Search finds nothing when I leave out the postcode",
    ),
    "trouble": (
        "Export for {month} broken again, third month in a row",
        "Dispatch board down again, from tour {n} on we plan on paper",
        "{feature}: when will this finally be fixed?",
        "{feature}: not usable since the update, please call",
        "All drivers signed out at 5 in the morning",
        "Nobody can sign in, 14 vehicles are waiting in the yard",
        "No answer to my ticket from last week",
        "Tours gone after saving, whole day's planning lost",
        "Wrong delivery times sent to 60 customers",
        "Please escalate: month end closes tomorrow and we have no figures",
        "API returns errors since the night, orders are not coming in",
        "Same fault as in {month}, we were told it was solved",
    ),
    "billing": (
        "Invoice for {month}: we have fewer seats than that",
        "Please send invoices to our new accounts address",
        "Invoice for {month}: purchase order number is missing",
        "Can we switch from card to bank transfer?",
        "VAT number wrong on the last invoice",
        "How do we add five seats in the middle of the month?",
        "Need a copy of the invoice for {month}",
        "Card was replaced by the bank, where do I enter the new one?",
    ),
}

COMMENTS = {
    "promoter": (
        (
            "We plan in half an hour what took us the whole morning.",
            "The drivers like the app, and that says a lot.",
            "Support answers fast and knows our setup.",
            "Does what it promises.",
            "Best thing we bought last year.",
            "Simple enough that the new temp planned alone on day two.",
            "We drive noticeably fewer kilometres.",
            "Good for the planners.",
            "Customers finally know when we come, the phone is quiet.",
            "I can see on one screen who is late.",
            "Fuel costs are down and I can prove it to the board.",
            "Rolled out in all depots without drama.",
        ),
        (
            "Keep it up.",
            "Already recommended it to a neighbouring company.",
            "The new dashboard helps too.",
            "Would only wish for electric vans in the planning.",
            "The last update was a real step forward.",
            "We would not want to go back to the whiteboard.",
            "Thanks to the team, especially for the help at the start.",
            "A second depot joins next month.",
        ),
    ),
    "passive": (
        (
            "Solid, but the reports could be clearer.",
            "Works. Sometimes a bit slow in the mornings.",
            "Good product, the price is at the upper end.",
            "Planning is fine, the driver app needs work.",
            "Happy on the whole.",
            "It does the job, though we only use about half of it.",
            "Took a while until everybody was on board.",
            "Map is great, exports less so.",
            "Useful every day, nothing more and nothing less.",
            "OK for us, the small things add up though.",
            "Fewer phone calls than before, that is worth something.",
            "Decent tool, we expected a bit more from the route planner.",
        ),
        (
            "More examples in the help would be nice.",
            "Filters per depot would make it an eight or nine.",
            "Please let us change the columns ourselves.",
            "A short training for new colleagues would help.",
            "Looking forward to the offline mode.",
            "Mobile view on a tablet could be better.",
            "The team behind it is friendly, I will say that.",
            "Let's see how the next release does.",
        ),
    ),
    "detractor": (
        (
            "Too complicated for what we need.",
            "We spend more time correcting routes than planning them.",
            "Half the team is back on Excel.",
            "Honestly, we hardly open it any more.",
            "The planner ignores what our drivers know.",
            "Nobody here really feels responsible for it.",
            "Slow, and slowest when it matters.",
            "It never quite fitted the way we work.",
            "Drivers keep calling because the app shows something else.",
            "We expected more.",
        ),
        (
            "I don't see what we are paying for.",
            "If that doesn't change we'll look around.",
            "Every question takes days.",
            "A pity, the idea is good.",
            "We have said so several times.",
            "Right now I could not recommend it.",
            "Somebody should come by and watch us for a day.",
            "The others in the office would tell you the same.",
        ),
    ),
}

CAUSES = {
    "champion_left": (
        "Since the colleague who set it up left, nobody knows how it works.",
        "Our administrator is gone and we were left alone with it.",
        "The person who wanted it no longer works here.",
        "New boss, new ideas. We are not sure we still need it.",
        "The handover never happened, so we click around and hope.",
    ),
    "product_trouble": (
        "Exports break every month end and nobody tells us why.",
        "Third outage this quarter. I cannot explain that to my drivers.",
        "Errors are fixed and come back with the next update.",
        "The app loses signatures, and then we argue with customers about deliveries.",
        "Tickets get closed without being solved.",
    ),
    "price_change": (
        "More expensive, but nothing new for us.",
        "The price went up and the service did not.",
        "For that money others include the toll report.",
        "Price increase came by mail, without one word of explanation.",
    ),
    "onboarding_failure": (
        "Setup took far longer than we were told.",
        "Four months in and still two depots are not connected.",
        "We were promised help with the import and did it ourselves in the end.",
        "Never really got going with it.",
    ),
    "budget_cut": (
        "We have to save everywhere, and this costs a lot for three vans.",
        "Fewer vehicles, same price. That no longer adds up.",
        "Good tool, but management asks about every subscription now.",
    ),
}

TICKET_COMMENTS = {
    "high": (
        "Solved in ten minutes, thank you!",
        "Friendly and quick.",
        "Understood at once what I meant.",
        "Called me back within the hour.",
        "Great help, with screenshots and everything.",
        "Perfect, works again.",
    ),
    "mid": (
        "Solved in the end, took two tries.",
        "Answer was fine, waiting time less so.",
        "Works for now.",
        "OK, but the guide you sent is out of date.",
    ),
    "low": (
        "Asked three times for the same screenshot.",
        "Still not solved, ticket is closed anyway.",
        "Nobody read what I wrote.",
        "Three days for an answer is too long when lorries are waiting.",
        "Got a link to the manual. I know the manual.",
    ),
}

SETUP_COMMENTS = {
    "high": (
        "Import went through at the first try.",
        "Up and running in a week, we did not expect that.",
        "The setup call answered everything.",
        "Easy, even for our older drivers.",
    ),
    "low": (
        "The address import took four attempts.",
        "Too many steps before you see the first route.",
        "Without the IT colleague we would not have managed.",
        "Nobody told us we need the vehicle data first.",
    ),
}

NOTES = {
    "good": (
        (
            "Planning runs smoothly, they now do all depots in one go.",
            "Very happy with the new dispatch board.",
            "Showed me their morning routine; it takes eleven minutes.",
            "Two more planners trained themselves with the videos.",
            "Good mood, they mention the saved kilometres by themselves.",
            "The driver app is used by everybody, even the sceptics.",
            "They want to present their numbers at their own sales meeting.",
            "Busy season went well, not one complaint.",
            "Happy with routing, asks for a scheduled export.",
            "They use the toll report every week now.",
        ),
        (
            "Would act as a reference, ask again in spring.",
            "Sent them the guide for time windows.",
            "Next talk in six weeks.",
            "They may add a depot next year.",
            "Nothing open on our side.",
            "Promised an answer about the export by Friday.",
            "Put them on the list for the beta of the electric planning.",
            "Asked whether seats can be shared between shifts; sent the price list.",
        ),
    ),
    "ok": (
        (
            "Regular call, no big topics.",
            "Went through the open points from last time.",
            "Daily planning works, reports are hardly used.",
            "Uses the basics well; live map and portal still switched off.",
            "They are short of staff and have little time for anything new.",
            "A new planner starts next month and needs an introduction.",
            "Questions about permissions for temporary drivers.",
            "Satisfied, but the app is slow on their old phones.",
            "Talked about the fuel report, the numbers were unclear to them.",
            "Two of three depots are active, the third still plans by hand.",
        ),
        (
            "I'll send a summary and a date.",
            "Training booked for the week after next.",
            "Check usage of the third depot in a month.",
            "They will come back to us after the holidays.",
            "Sent the short video about filters.",
            "No decision yet, follow up in two weeks.",
            "Asked product about the export format.",
            "Keep an eye on the sign-ins.",
        ),
    ),
    "bad": (
        (
            "Short and cool. They answer only what I ask.",
            "Moved the meeting for the second time.",
            "Two planners went back to their spreadsheet.",
            "They ask what exactly is in the contract and when it ends.",
            "Usage is down by half and they know it.",
            "Annoyed about routes that drivers have to correct every day.",
            "My contact says the managing director wants to see other offers.",
            "Nobody in the call could say who looks after Fleetlane now.",
            "They feel left alone with the reports.",
            "Long list of complaints, some of them fair.",
        ),
        (
            "Offered a day on site.",
            "I need help from product here, otherwise we lose them.",
            "Agreed on three points to fix within two weeks.",
            "Try to reach the managing director directly.",
            "Sent the list to support with a request to call back.",
            "Next call on Thursday, with our head of support.",
            "They want to hear about a smaller plan.",
            "No clear next step, that worries me.",
        ),
    ),
    "start": (
        (
            "Kick-off done, goals are clear: fewer empty runs and fewer phone calls.",
            "Import of addresses is through, about forty duplicates left.",
            "First tours planned together on the screen.",
            "Drivers get the app next week, depot by depot.",
            "Their vehicle list comes from three different spreadsheets.",
            "IT has to open the firewall before we can go on.",
            "Cleaned up the depot addresses together.",
            "The planners tried it with last week's orders.",
            "Half of the drivers are signed in already.",
            "Second session: permissions, time windows, vehicle types.",
        ),
        (
            "Next step: training for the planners.",
            "They send the missing vehicle data by Friday.",
            "Go-live is planned for the start of the month.",
            "Weekly call until everything runs.",
            "On schedule so far.",
            "Small delay on their side, nothing serious.",
            "The dispatcher will be our contact for details.",
        ),
    ),
    "review": (
        (
            "Business review with numbers: tours per planner up, kilometres per stop down.",
            "Business review: went through goals, usage by depot and open tickets.",
            "Review with management; they look at cost per stop now.",
            "Half-year review. Two of three goals reached.",
            "Review: compared their plan with the actual tours of {month}.",
        ),
        (
            "Goals for the next half-year are written down.",
            "They want to see savings in euros next time.",
            "Biggest wish: better exports for accounting.",
            "Next review in six months.",
            "They will name a second administrator.",
            "Open question: do they need all seats?",
        ),
    ),
}

NOTE_CAUSES = {
    "champion_left": (
        (
            "Our main contact left the company; nobody has taken over Fleetlane yet.",
            "Got an automatic reply: our administrator no longer works there.",
            "Heard from reception that our contact has gone. Asked for a successor.",
        ),
        (
            "Asked the managing director for a new contact.",
            "The planner covers for now, reluctantly.",
            "Will call again on Monday.",
            "Offered a fresh introduction for whoever takes over.",
        ),
    ),
    "product_trouble": (
        (
            "Export failed again at month end. They had to type 200 lines by hand.",
            "Angry about the outage: the yard stood still from five to eight.",
            "Third ticket about the same fault. Asked engineering for a date.",
        ),
        (
            "Promised a date by tomorrow.",
            "I stay on it until it is fixed.",
            "They want a written explanation.",
            "Offered a credit for the month.",
        ),
    ),
    "price_change": (
        (
            "They don't accept the new price without a talk.",
            "Price letter landed badly; they compare us with two others.",
            "Asked what they get for the increase. I had no good answer.",
        ),
        (
            "Sent a calculation of what they save.",
            "Talk with management is set for next week.",
            "They ask for the old price for one more year.",
            "Checked whether a smaller plan fits: hardly.",
        ),
    ),
    "onboarding_failure": (
        (
            "Set-up is stuck: vehicle data missing for five weeks.",
            "Go-live postponed again, nobody on their side has time.",
            "Only one person ever signed in after the training.",
        ),
        (
            "Offered to do the import for them.",
            "New date agreed, the third one.",
            "Asked for a second person on their side.",
            "We start again with one depot only.",
        ),
    ),
    "budget_cut": (
        (
            "They are cutting costs and sold six vehicles.",
            "Hiring stop and savings round; every contract is looked at.",
            "They asked to give back a third of the seats.",
        ),
        (
            "Will calculate what fewer seats would mean.",
            "Nobody doubts the product itself.",
            "Decision comes with the next budget.",
            "Sent the figures on saved kilometres.",
        ),
    ),
    "rollout": (
        (
            "They are rolling it out to the other depots, seats to follow.",
            "Took over a competitor's routes and need more seats.",
            "New operations manager is a fan and wants everything on the board.",
        ),
        (
            "Training for the new depots is booked.",
            "Sent an offer for more seats.",
            "Kick-off with the new planners next week.",
            "They want everything running before the season.",
        ),
    ),
}

PULSES = {
    "good": (
        (
            "Stable, growing with us.",
            "Uses everything, answers fast.",
            "No worries here.",
            "Strong champion, good numbers.",
            "Tours run by themselves.",
            "Warm relationship, open words.",
        ),
        (
            "Renewal should be a formality.",
            "Good candidate for a reference.",
            "More depots are possible.",
            "Only the exports come up now and then.",
            "They would miss us.",
        ),
    ),
    "ok": (
        (
            "Fine, but quiet.",
            "Depends on one person.",
            "Uses half of what they pay for.",
            "Neither warm nor cold.",
            "Does its job, no enthusiasm.",
            "Little contact lately.",
        ),
        (
            "Need a second contact.",
            "A training would help.",
            "I'd like to see the third depot active.",
            "Should talk before the season starts.",
            "Could go either way.",
        ),
    ),
    "bad": (
        (
            "I would not bet on the renewal.",
            "Hard to reach, usage falling.",
            "They are looking around.",
            "Mood is bad since the last tickets.",
            "Nobody stands up for us there.",
            "Promises on both sides were not kept.",
        ),
        (
            "Needs a visit soon.",
            "Our management should call theirs.",
            "Without a new administrator this goes wrong.",
            "A smaller plan might save it.",
            "Time is short.",
        ),
    ),
}

GOODBYES = {
    "champion_left": (
        "Without our old administrator it was never used properly again.",
        "The new management brought their own system along.",
    ),
    "product_trouble": (
        "Too many faults at the wrong moment. We waited long enough.",
        "We need figures at month end, every month.",
    ),
    "price_change": (
        "We were fine with it until the price changed.",
        "The competitor does the same for a third less.",
    ),
    "onboarding_failure": (
        "We never got it off the ground, sorry.",
        "After half a year we still planned by hand, so we stop here.",
    ),
    "budget_cut": (
        "Nothing personal, we have to save.",
        "We gave up our own fleet and use a carrier now.",
    ),
    "none": (
        "In the end too few of us used it.",
        "Our parent company prescribes another system.",
        "We switched to a tool that comes with our order software.",
        "Thanks for everything, it just did not fit us.",
    ),
}

TASKS = {
    "champion_left": ("Find out who takes over as administrator", "Introduce yourself to the new contact"),
    "product_trouble": ("Check in after the export fix", "Report back on the open tickets"),
    "price_change": ("Explain the new price in person", "Prepare a talk about the price change"),
    "onboarding_failure": ("Get the set-up moving again", "Offer a second training for the planners"),
    "budget_cut": ("Plan a seat review", "Calculate a smaller plan"),
    "quiet": ("Send the usage summary", "Call about the falling usage", "Find out why the planners stopped signing in"),
    "payment": ("Ask for a new card", "Clear up the failed payment"),
    "renewal": ("Prepare the renewal offer", "Agree the date of the renewal talk"),
    "good": ("Ask for a reference", "Prepare the business review"),
}  # fmt: skip

TITLES = {
    "executive": (
        ("Managing director", "Managing director"),
        ("Chief operating officer", "Chief operating officer"),
        ("Owner", "Owner"),
    ),
    "champion": (
        ("Operations manager", "Operations manager"),
        ("Head of logistics", "Head of logistics"),
        ("Transport manager", "Transport manager"),
        ("Fleet manager", "Fleet manager"),
    ),
    "planner": (
        ("Dispatcher", "Dispatcher"),
        ("Route planner", "Route planner"),
        ("Depot supervisor", "Depot supervisor"),
    ),
    "finance": (
        ("Accounts payable", "Accounts payable"),
        ("Finance manager", "Finance manager"),
    ),
    "it": (("IT administrator", "IT administrator"), ("IT manager", "IT manager")),
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
