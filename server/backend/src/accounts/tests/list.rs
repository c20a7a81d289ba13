//! The list of users: what narrows it, its counts, and its pages.

use super::*;
use crate::testing::on_each_database;
use daybook_domain::{
    account::{UserFilters, UserForm, UserPage},
    facet::Count,
    object::{ObjectQuery, PAGE},
};

async fn page(house: &House, query: &str) -> UserPage {
    let query = ObjectQuery::parse(&UserFilters, query).unwrap();
    house
        .accounts
        .list_users(&house.managing_users(), &query)
        .await
        .unwrap()
}

fn names(page: &UserPage) -> Vec<&str> {
    page.rows.iter().map(|user| user.name.as_str()).collect()
}

fn counts<'a>(page: &'a UserPage, filter: &str) -> Vec<(&'a str, u64)> {
    let facet = page.facets.iter().find(|facet| facet.property == filter).unwrap();
    let values = facet.values.iter();
    values.map(|value| (value.label.as_str(), value.count)).collect()
}

#[tokio::test]
async fn it_is_narrowed_by_words_role_and_status_with_counts_of_the_others() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
        house
            .user("Çelik Bora", "celik@elsewhere.example", "Auditor")
            .await;
        house
            .user("100% Real_Name", "real@northdesk.example", "Agent")
            .await;
        house
            .accounts
            .deactivate_user(&house.managing_users(), bo.id)
            .await
            .unwrap();
        let all = page(&house, "").await;
        assert_eq!(
            names(&all),
            ["100% Real_Name", "Ada Lindqvist", "Bo Chen", "Çelik Bora"]
        );
        assert_eq!(all.total, Count::Exactly(4));
        assert_eq!(counts(&all, "status"), [("Active", 3), ("Deactivated", 1)]);
        assert_eq!(
            counts(&all, "role"),
            [("Administrator", 1), ("Auditor", 1), ("Agent", 2)]
        );

        assert_eq!(names(&page(&house, "q=BO").await), ["Bo Chen", "Çelik Bora"]);
        assert_eq!(names(&page(&house, "q=bo%20elsewhere").await), ["Çelik Bora"]);
        assert_eq!(names(&page(&house, "q=ÇELIK").await), ["Çelik Bora"]);
        // A sign that databases take for any text is itself.
        assert_eq!(names(&page(&house, "q=0%25").await), ["100% Real_Name"]);
        assert_eq!(names(&page(&house, "q=l_n").await), ["100% Real_Name"]);
        assert_eq!(names(&page(&house, "q=%25%25").await), Vec::<&str>::new());

        let agent = house.role("Agent").await;
        let agents = page(&house, &format!("role={agent}&status=active")).await;
        assert_eq!(names(&agents), ["100% Real_Name"]);
        // Each filter's counts are what the others leave.
        assert_eq!(counts(&agents, "status"), [("Active", 1), ("Deactivated", 1)]);
        assert_eq!(
            counts(&agents, "role"),
            [("Administrator", 1), ("Auditor", 1), ("Agent", 1)]
        );
        // What is chosen is offered even where nobody is left.
        let nobody = page(&house, &format!("role={agent}&q=ada")).await;
        assert_eq!(counts(&nobody, "role"), [("Administrator", 1), ("Agent", 0)]);

        let phone = UserForm {
            name: "Bo Chen".to_owned(),
            email: "bo@northdesk.example".to_owned(),
            phone: "+44 20 7946 0100".to_owned(),
        };
        let seen = house.user_tag(bo.id).await;
        let who = house.managing_users();
        house
            .accounts
            .update_user(&who, bo.id, &seen, phone)
            .await
            .unwrap();
        assert_eq!(names(&page(&house, "q=7946").await), ["Bo Chen"]);
    })
    .await;
}

#[tokio::test]
async fn its_pages_hold_everybody_once_in_both_directions() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let (agent, who) = (house.role("Agent").await, house.managing_users());
        // Some are called alike: the order of pages doesn't hang on the name alone.
        for number in 0..PAGE + 20 {
            let (name, email) = (format!("Kim {}", number % 7), format!("kim{number}@x.example"));
            let invited = house.accounts.invite_user(&who, &name, &email, agent);
            invited.await.unwrap();
        }
        for sort in ["name", "-name"] {
            let first = page(&house, &format!("sort={sort}")).await;
            assert_eq!((first.rows.len(), first.before.is_none()), (PAGE, true));
            assert_eq!(first.total, Count::Exactly(PAGE as u64 + 21));
            let after = first.after.clone().unwrap();
            let second = page(&house, &format!("sort={sort}&cursor={after}")).await;
            assert_eq!((second.rows.len(), second.after.is_none()), (21, true));
            let mut emails: Vec<_> = first
                .rows
                .iter()
                .chain(&second.rows)
                .map(|user| &user.email)
                .collect();
            emails.sort();
            emails.dedup();
            assert_eq!(emails.len(), PAGE + 21);
            let back = second.before.clone().unwrap();
            assert_eq!(
                page(&house, &format!("sort={sort}&cursor={back}")).await.rows,
                first.rows
            );
        }
    })
    .await;
}

#[test]
fn what_is_no_filter_of_users_is_told() {
    for wrong in ["status=asleep", "role=Agent", "sort=changed", "cursor=x"] {
        assert!(ObjectQuery::parse(&UserFilters, wrong).is_err(), "{wrong}");
    }
    assert_eq!(
        ObjectQuery::parse(&UserFilters, "invite&manage=x"),
        Ok(ObjectQuery::default())
    );
}
