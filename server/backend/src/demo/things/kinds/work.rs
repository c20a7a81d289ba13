//! Kinds that shape the daily work: boards, services, rules, searches, texts.

use super::{
    Kind, KindName as N,
    lists::{BOARDS, BRANDS, COLUMNS, GROUPS, TEAMS, TYPES},
    number,
};
use crate::demo::data::conversations::PRIORITIES;
use crate::demo::things::values::Values as V;

pub fn kinds() -> Vec<Kind> {
    vec![
        Kind::new(
            N::Board,
            "board",
            "Board",
            "Boards",
            &[
                ("Members", V::People),
                ("Default priority", V::OneOf(&PRIORITIES)),
                ("Automatic assignment", V::Flag),
                (
                    "Statuses",
                    V::Set(&["New", "In progress", "Waiting", "Escalated", "Solved", "Closed"]),
                ),
                ("Brands", V::Set(BRANDS)),
                ("SLA hours", number(1, 48, 1)),
            ],
        )
        .called_after(BOARDS)
        .comes_and_goes(8)
        .changed(8),
        Kind::new(
            N::ServiceType,
            "service_type",
            "Service type",
            "Service types",
            &[
                ("Active", V::Flag),
                ("Service group", V::OneOf(GROUPS)),
                ("Estimated minutes", number(5, 240, 5)),
                ("Hourly rate", number(60, 220, 5)),
                ("Approval needed", V::Flag),
                ("Description", V::Text),
            ],
        )
        .called_after(TYPES)
        .comes_and_goes(30)
        .changed(14),
        Kind::new(
            N::ServiceGroup,
            "service_group",
            "Service group",
            "Service groups",
            &[
                ("Members", V::People),
                ("Service types", V::Set(TYPES)),
                ("On-call phone", V::Phone),
            ],
        )
        .called_after(GROUPS)
        .comes_and_goes(6)
        .changed(5),
        Kind::new(
            N::BusinessRule,
            "business_rule",
            "Business rule",
            "Business rules",
            &[
                ("Active", V::Flag),
                ("Conditions", V::Conditions),
                ("Actions", V::Actions),
                ("Position", number(1, 40, 1)),
                ("Last rule that runs", V::Flag),
            ],
        )
        .called_after(&[
            "VIP first",
            "Escalate after 4 hours",
            "Close after 7 quiet days",
            "Night mail to on-call",
            "Tag phishing reports",
            "Route invoices to Billing",
            "Weekend auto-reply",
        ])
        .comes_and_goes(24)
        .changed(12),
        Kind::new(
            N::Search,
            "search",
            "Search",
            "Searches",
            &[
                (
                    "Query",
                    V::OneOf(&[
                        "status:open assignee:me",
                        "sla:breached",
                        "status:new -assignee:*",
                        "tag:vip updated:>-7d",
                        "status:waiting tag:waiting-for-vendor",
                        "status:open last_reply:<-3d",
                    ]),
                ),
                ("Columns", V::Set(COLUMNS)),
                ("Sharing", V::Set(TEAMS)),
                ("Sort order", V::OneOf(COLUMNS)),
            ],
        )
        .called_after(&[
            "My open requests",
            "Overdue",
            "Unassigned, oldest first",
            "VIP this week",
            "Waiting for vendor",
            "Ohne Antwort seit 3 Tagen",
        ])
        .comes_and_goes(18)
        .changed(6),
        Kind::new(
            N::Shortcut,
            "shortcut",
            "Shortcut",
            "Shortcuts",
            &[
                ("Text", V::Text),
                (
                    "Keys",
                    V::OneOf(&["/hi", "/shot", "/remote", "/gruss", "/bye", "/inv"]),
                ),
                ("Sharing", V::Set(TEAMS)),
            ],
        )
        .called_after(&[
            "Greeting",
            "Ask for screenshot",
            "Remote session",
            "Grüße",
            "Closing",
            "تحية",
            "Invoice address",
        ])
        .comes_and_goes(20)
        .changed(6),
        Kind::new(
            N::Macro,
            "macro",
            "Macro",
            "Macros",
            &[
                ("Actions", V::Actions),
                ("Audience", V::Set(TEAMS)),
                ("Active", V::Flag),
            ],
        )
        .called_after(&[
            "Close as solved",
            "Escalate to networks",
            "Order hardware",
            "New starter checklist",
            "Reset MFA",
            "Ask for approval",
        ])
        .comes_and_goes(18)
        .changed(7),
        Kind::new(
            N::UserGroup,
            "user_group",
            "User group",
            "User groups",
            &[
                ("Members", V::People),
                ("Boards", V::Set(BOARDS)),
                ("Lead", V::OneOf(&["Mara Okafor", "Tomás Ferreira", "nobody"])),
            ],
        )
        .called_after(TEAMS)
        .comes_and_goes(7)
        .changed(5),
        Kind::new(
            N::Sla,
            "sla_policy",
            "SLA policy",
            "SLA policies",
            &[
                ("First response in minutes", number(15, 480, 15)),
                ("Solution in hours", number(4, 96, 4)),
                ("Business hours only", V::Flag),
                ("Escalation contacts", V::People),
            ],
        )
        .called_after(&["Basic", "Standard", "Premium", "24/7"])
        .comes_and_goes(4)
        .changed(4),
    ]
}
