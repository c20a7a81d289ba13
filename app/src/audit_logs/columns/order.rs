//! Which columns, and in which order: what the ticked boxes and the links between them mean.

use daybook_domain::log::Column;

/// All columns: the shown ones first.
fn order(shown: &[Column]) -> Vec<Column> {
    let rest = Column::ALL.iter().filter(|column| !shown.contains(column));
    shown.iter().chain(rest).copied().collect()
}

/// The order of the boxes. It stays while columns are ticked and unticked, and follows when one is moved.
pub fn settled(before: Option<&Vec<Column>>, shown: &[Column]) -> Vec<Column> {
    let kept = before.filter(|before| before.iter().filter(|column| shown.contains(column)).eq(shown));
    kept.cloned().unwrap_or_else(|| order(shown))
}

/// What stands in the address for a choice: nothing for the columns that are shown anyway, and for none at all.
pub fn chosen(names: impl Iterator<Item = String>, anyway: &[Column]) -> Vec<Column> {
    let columns: Vec<_> = names.filter_map(|name| Column::from_name(&name)).collect();
    if columns == anyway { Vec::new() } else { columns }
}

/// The shown columns with one of them a place further to the front; `None` where it is the first, or isn't shown.
pub fn forward(shown: &[Column], column: Column) -> Option<Vec<Column>> {
    let at = shown.iter().position(|other| *other == column)?;
    let mut moved = shown.to_vec();
    moved.swap(at, at.checked_sub(1)?);
    Some(moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_offered_once_the_shown_ones_first() {
        let order = order(&[Column::Ip, Column::Time]);
        assert_eq!(order[..2], [Column::Ip, Column::Time]);
        assert_eq!(order.len(), Column::ALL.len());
    }

    #[test]
    fn boxes_stay_where_they_are_until_a_column_is_moved() {
        let before = settled(None, &[Column::Ip, Column::Time, Column::Actor]);
        assert_eq!(settled(Some(&before), &[Column::Ip, Column::Actor]), before);
        let with_brand = [Column::Ip, Column::Time, Column::Actor, Column::Brand];
        assert_eq!(settled(Some(&before), &with_brand), before);
        let moved = settled(Some(&before), &[Column::Time, Column::Ip, Column::Actor]);
        assert_eq!(moved[..3], [Column::Time, Column::Ip, Column::Actor]);
    }

    #[test]
    fn columns_shown_anyway_are_not_spelt_out() {
        let anyway = [Column::Time, Column::Actor];
        let names = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(ToString::to_string).collect();
            chosen(names.into_iter(), &anyway)
        };
        assert_eq!(names(&["time", "actor"]), []);
        assert_eq!(names(&[]), []);
        assert_eq!(names(&["time", "nonsense"]), [Column::Time]);
    }

    #[test]
    fn a_column_changes_places_with_the_one_before_it() {
        let shown = [Column::Time, Column::Actor, Column::Ip];
        assert_eq!(
            forward(&shown, Column::Ip),
            Some(vec![Column::Time, Column::Ip, Column::Actor])
        );
        assert_eq!(forward(&shown, Column::Time), None);
        assert_eq!(forward(&shown, Column::Brand), None);
    }
}
