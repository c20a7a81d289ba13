//! What customers' companies are called: a first word and a trade, and some names that stand alone.

/// First words. With [`TRADES`] they make more names than a workspace has companies.
pub static FIRST: [&str; 40] = [
    "Harbor", "Alder", "Blue Heron", "Copperfield", "Dunmore", "Eastgate", "Fjord", "Granite", "Halcyon", "Ironbridge",
    "Juniper", "Kestrel", "Lakeshore", "Meridian", "Nordlicht", "Oakhaven", "Pinnacle", "Quayside", "Ravenswood",
    "Silverbirch", "Tidewater", "Umbra", "Verdant", "Westfalen", "Yarrow", "Zenith", "Café Müller", "São Bento",
    "Bracken", "Cedar Point", "Drumlin", "Elbe", "Foxglove", "Gotthard", "Hollow Pine", "Isar", "Katla", "Larkspur",
    "Maple Row", "Nahe",
];

pub static TRADES: [&str; 16] = [
    "Dental Group", "Logistics", "Architects", "Credit Union", "Veterinary Clinic", "Foods", "Law", "Schools Trust",
    "Engineering", "Insurance Brokers", "Hotels", "Pharmacy", "Bau GmbH", "Transport SARL", "Media", "Medical Center",
];

/// Every so often one of these: other scripts, signs, and one that fits no column.
pub static ALONE: [(&str, &str); 14] = [
    ("شركة النور للتجارة", "alnoor"),
    ("מאפיית הגליל בע״מ", "galil-bakery"),
    ("株式会社みどり", "midori"),
    ("上海云帆科技有限公司", "yunfan"),
    ("ООО «Северный ветер»", "severveter"),
    ("Zürcher Käsehändler & Söhne AG", "kaesehaendler"),
    ("O’Malley, Burke & Partners", "omalleyburke"),
    ("Société Coopérative Agricole et Viticole des Producteurs Réunis de Haute-Provence et du Luberon", "scav-luberon"),
    ("AT&T-free Telecom <Ltd>", "attfree"),
    ("Łódzka Fabryka Mebli", "lfm"),
    ("İstanbul Çini Atölyesi", "istanbulcini"),
    ("भारत हस्तशिल्प", "bharat-crafts"),
    ("Þingvellir Ferðir ehf.", "thingvellir"),
    ("X", "x-holdings"),
];
