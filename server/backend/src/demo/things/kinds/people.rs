//! People and companies. The settings of each are a thing too.

use super::{
    Kind, KindName as N,
    lists::{BOARDS, GROUPS, MENUS, PERMISSIONS, STATUS, TEAMS, TYPES, ZONES},
    number,
};
use crate::demo::things::values::Values as V;

pub fn kinds() -> Vec<Kind> {
    vec![
        Kind::new(
            N::Agent,
            "service_agent",
            "Service agent",
            "Service agents",
            &[
                (
                    "Role",
                    V::OneOf(&[
                        "Member",
                        "Dispatcher",
                        "Team lead",
                        "Night shift",
                        "Field engineer",
                    ]),
                ),
                ("Boards", V::Set(BOARDS)),
                ("Service groups", V::Set(GROUPS)),
                ("User groups", V::Set(TEAMS)),
                ("Permissions", V::Set(PERMISSIONS)),
                ("Phone", V::Phone),
                ("Time zone", V::OneOf(ZONES)),
                ("Capacity", number(3, 6, 1)),
                ("Out of office", V::Flag),
            ],
        )
        .changed(14),
        Kind::new(
            N::Company,
            "company",
            "Company",
            "Companies",
            &[
                ("Status", V::OneOf(STATUS)),
                ("Plan", V::OneOf(&["Basic", "Standard", "Premium", "24/7"])),
                ("Account managers", V::People),
                (
                    "Tags",
                    V::Set(&["vip", "school", "medical", "late payer", "möbel", "reference"]),
                ),
                ("Service types", V::Set(TYPES)),
                ("Service groups", V::Set(GROUPS)),
                ("Menus", V::Set(MENUS)),
                ("Phone", V::Phone),
                ("Hourly rate", number(60, 220, 5)),
                ("Portal access", V::Flag),
            ],
        ),
        Kind::new(
            N::Contact,
            "contact",
            "Contact",
            "Contacts",
            &[
                (
                    "Job title",
                    V::OneOf(&[
                        "Office manager",
                        "IT contact",
                        "Headteacher",
                        "Managing director",
                        "Accountant",
                        "Praxismanagerin",
                    ]),
                ),
                ("Phone", V::Phone),
                (
                    "Permissions",
                    V::Set(&[
                        "See all requests",
                        "Approve orders",
                        "See invoices",
                        "Invite colleagues",
                        "Change own data",
                    ]),
                ),
                ("Board access", V::Set(BOARDS)),
                (
                    "User groups",
                    V::Set(&["Approvers", "Invoices", "Standard", "Schools"]),
                ),
                (
                    "Language",
                    V::OneOf(&["English", "Deutsch", "Français", "Español", "العربية"]),
                ),
                ("VIP", V::Flag),
                ("Newsletter", V::Flag),
            ],
        ),
    ]
}
