//! Kinds of the Admin Center: settings, access, what other programs are told.

use super::{
    Kind, KindName as N,
    lists::{BRANDS, HOOK_EVENTS, MENUS, NOTIFICATIONS, PERMISSIONS, SCOPES, STATUS, TEAMS, ZONES},
    number,
};
use crate::demo::things::values::Values as V;

pub fn kinds() -> Vec<Kind> {
    vec![
        Kind::new(
            N::General,
            "general_settings",
            "General settings",
            "General",
            &[
                (
                    "Company name",
                    V::OneOf(&["Northdesk", "Northdesk GmbH", "Northdesk International"]),
                ),
                ("Default time zone", V::OneOf(ZONES)),
                (
                    "Date format",
                    V::OneOf(&["YYYY-MM-DD", "DD.MM.YYYY", "MM/DD/YYYY"]),
                ),
                (
                    "Default language",
                    V::OneOf(&["English", "Deutsch", "Français", "العربية"]),
                ),
                ("Session timeout", number(15, 480, 15)),
                (
                    "Allowed email domains",
                    V::Set(&[
                        "northdesk.example",
                        "harborit.example",
                        "nordlicht.example",
                        "partner.example",
                    ]),
                ),
                ("Mandatory two-step sign-in", V::Kept(false)),
                ("Business hours", V::Hours),
                ("Largest attachment in MB", number(5, 50, 5)),
                (
                    "Public holidays",
                    V::Set(&[
                        "New Year",
                        "Good Friday",
                        "Labour Day",
                        "Eid al-Fitr",
                        "Canada Day",
                        "Christmas",
                    ]),
                ),
                (
                    "Support email",
                    V::OneOf(&[
                        "support@northdesk.example",
                        "help@northdesk.example",
                        "service@northdesk.example",
                    ]),
                ),
                ("Message on the sign-in page", V::Text),
                ("Days to keep deleted conversations", number(7, 90, 1)),
                ("Courses in the portal", V::Flag),
            ],
        )
        .called_after(&["General settings"])
        .changed(12),
        Kind::new(
            N::Notifications,
            "notification_settings",
            "Notification settings",
            "General",
            &NOTIFICATIONS.map(|name| (name, V::Flag)),
        )
        .called_after(&["Notification settings"])
        .changed(3),
        Kind::new(
            N::Role,
            "role",
            "Role",
            "Roles & permissions",
            &[
                ("Permissions", V::Set(PERMISSIONS)),
                ("Assigned users", V::People),
                (
                    "Description",
                    V::OneOf(&[
                        "Hands out the work.",
                        "Leads a team.",
                        "Answers at night.",
                        "Sends invoices.",
                        "Learns.",
                    ]),
                ),
            ],
        )
        .called_after(&[
            "Dispatcher",
            "Team lead",
            "Night shift",
            "Billing clerk",
            "Trainee",
            "Field engineer",
            "Read only",
        ])
        .comes_and_goes(7)
        .changed(8),
        Kind::new(
            N::Webhook,
            "webhook",
            "Webhook",
            "Webhooks",
            &[
                ("URL", V::Url("hooks.northdesk.example/in")),
                ("Events", V::Set(HOOK_EVENTS)),
                ("Active", V::Kept(true)),
                ("Timeout in seconds", number(5, 60, 5)),
                ("Signing secret", V::Secret),
                (
                    "Failure contacts",
                    V::Set(&[
                        "admin@northdesk.example",
                        "oncall@northdesk.example",
                        "it@northdesk.example",
                    ]),
                ),
            ],
        )
        .called_after(&[
            "Ticket mirror",
            "Invoice export",
            "Door system",
            "Status page",
            "Survey collector",
            "CRM bridge",
            "Chat alerts",
            "Data warehouse",
        ])
        .changed(5),
        Kind::new(
            N::Integration,
            "integration",
            "Integration",
            "Integrations",
            &[
                ("Status", V::OneOf(STATUS)),
                ("Sync interval in minutes", number(5, 120, 5)),
                ("Credentials", V::Secret),
                (
                    "Objects",
                    V::Set(&[
                        "Companies",
                        "Contacts",
                        "Tickets",
                        "Invoices",
                        "Devices",
                        "Time entries",
                    ]),
                ),
                (
                    "Conflict winner",
                    V::OneOf(&["Northdesk", "the other side", "the newer one"]),
                ),
            ],
        )
        .called_after(&[
            "ConnectWise PSA",
            "Entra ID directory",
            "Xero accounting",
            "Slack alerts",
            "HubSpot contacts",
            "Datto RMM",
            "Google Calendar",
        ])
        .changed(4),
        Kind::new(
            N::Menu,
            "menu",
            "Menu",
            "Menus",
            &[
                ("Items", V::Set(MENUS)),
                ("User groups", V::Set(TEAMS)),
                ("Colour", V::OneOf(&["#0b5fff", "#1a7f5a", "#8a3ffc", "#b3261e"])),
            ],
        )
        .called_after(&["Customer menu", "School menu", "Partner menu", "Agent menu"])
        .comes_and_goes(6)
        .changed(4),
        Kind::new(
            N::Template,
            "email_template",
            "Email template",
            "Email templates",
            &[
                (
                    "Subject",
                    V::OneOf(&[
                        "[{{ticket.id}}] We are on it",
                        "[{{ticket.id}}] Solved",
                        "Maintenance on Saturday",
                        "How did we do?",
                        "Your approval is needed",
                    ]),
                ),
                ("Body", V::Text),
                ("Brands", V::Set(BRANDS)),
            ],
        )
        .called_after(&[
            "Request received",
            "Request solved",
            "Maintenance notice",
            "Survey",
            "Approval needed",
            "Visit planned",
        ])
        .comes_and_goes(12)
        .changed(8),
        Kind::new(
            N::ApiKey,
            "api_key",
            "API key",
            "API keys",
            &[
                ("Scopes", V::Set(SCOPES)),
                (
                    "Allowed networks",
                    V::Set(&[
                        "192.0.2.0/24",
                        "198.51.100.0/24",
                        "203.0.113.0/24",
                        "2001:db8:42::/48",
                    ]),
                ),
                ("Secret", V::Secret),
            ],
        )
        .called_after(&[
            "sync-bot",
            "reporting",
            "monitoring",
            "website form",
            "phone system",
        ])
        .comes_and_goes(6)
        .changed(3),
        Kind::new(
            N::Brand,
            "brand",
            "Brand",
            "Brands",
            &[
                (
                    "Primary colour",
                    V::OneOf(&["#0b5fff", "#1a7f5a", "#8a3ffc", "#b3261e"]),
                ),
                (
                    "Support address",
                    V::OneOf(&[
                        "support@northdesk.example",
                        "care@harborit.example",
                        "hilfe@nordlicht.example",
                    ]),
                ),
                (
                    "Sign-in methods",
                    V::Set(&["Password", "Emailed link", "Microsoft", "Google", "SAML"]),
                ),
                ("Footer", V::Text),
            ],
        )
        .called_after(BRANDS)
        .changed(2),
    ]
}
