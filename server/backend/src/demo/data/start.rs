//! What the directory and the Admin Center are filled with.

pub static JOBS: [&str; 6] = [
    "Service desk agent",
    "Field engineer",
    "Dispatcher",
    "Network engineer",
    "Team lead",
    "Night shift",
];

pub static TITLES: [&str; 8] = [
    "Office manager",
    "IT contact",
    "Headteacher",
    "Managing director",
    "Accountant",
    "Praxismanagerin",
    "Workshop lead",
    "Assistant",
];

pub static AGENT_TAGS: [&str; 4] = ["trainer", "on call", "arabic", "german"];
pub static COMPANY_TAGS: [&str; 6] = ["vip", "school", "medical", "late payer", "möbel", "reference"];
pub static CONTACT_TAGS: [&str; 4] = ["approver", "invoices", "newsletter", "on leave"];

/// What people may do in the customer portal.
pub static PORTAL: [&str; 5] = [
    "tickets.create",
    "tickets.view_company",
    "files.view",
    "files.upload",
    "invoices.view",
];

/// What is noted of a board or a group, by its name.
pub static ABOUT: [(&str, &str); 21] = [
    ("Help desk", "Everything that comes in first."),
    ("Projects", "Work with a plan and an end."),
    ("Security", "Phishing, lost devices, suspicious sign-ins."),
    ("Billing", "Questions about invoices and contracts."),
    ("Field service", "Visits at the customer's."),
    ("Procurement", "Offers, orders, deliveries."),
    ("Schools", "Schools, their teachers and devices."),
    ("On call", "What can't wait until the morning."),
    ("Workplace", "Desks, laptops, printers, accounts."),
    ("Networks", "Lines, switches, wireless, VPN."),
    ("Servers and cloud", "Servers, backups, tenants."),
    ("Telephony", "Phones, numbers, queues."),
    ("First line", "Those who answer first."),
    (
        "Second line",
        "Those who are asked when the first line can't help.",
    ),
    ("Night shift", "From eight in the evening until six."),
    ("Dispatch", "Those who plan visits."),
    ("Accounts", "Those who write invoices."),
    ("Field", "Those who are on the road."),
    ("فريق عمّان", "The office in Amman."),
    ("Customer menu", "What all customers see."),
    ("School menu", "What schools see."),
];

/// Name, portals, networks, whether a second factor is asked for.
pub static ACCESS_RULES: [(&str, &str, &str, &str); 3] = [
    ("Administrators", "admin", "192.0.2.0/24, 198.51.100.0/24", "yes"),
    ("Agents anywhere", "agent", "", "yes"),
    ("Customers", "customer", "", "no"),
];

type Rule = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// When a rule is looked at, its conditions, what it sets; in the order of the rules' names.
pub static RULES: [Rule; 7] = [
    (
        "created",
        "any of\n  vip is yes\n  company_tags contains \"vip\"",
        &[("set_priority", "high"), ("add_tags", "vip")],
    ),
    (
        "hourly",
        "all of\n  status is open\n  hours_waiting is over 4\n  none of\n    tags contains \"waiting-for-vendor\"",
        &[("set_priority", "urgent"), ("add_tags", "escalated")],
    ),
    (
        "hourly",
        "all of\n  status is waiting\n  hours_waiting is over 168",
        &[("set_status", "closed")],
    ),
    (
        "created",
        "all of\n  channel is email\n  any of\n    subject contains \"down\"\n    subject contains \"urgent\"",
        &[("set_priority", "urgent")],
    ),
    (
        "created",
        "any of\n  subject contains \"phishing\"\n  message contains \"suspicious\"",
        &[("add_tags", "phishing")],
    ),
    (
        "created",
        "all of\n  subject contains \"invoice\"",
        &[("set_status", "open")],
    ),
    (
        "created",
        "all of\n  channel is email\n  hours_open is under 1",
        &[("add_tags", "weekend")],
    ),
];
