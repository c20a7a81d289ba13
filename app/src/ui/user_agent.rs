//! A browser's user agent in words. Coarse on purpose: the full text stands beside it.

/// `Firefox 145 on Linux`, or `None` where the text is no known browser's.
pub fn label(user_agent: &str) -> Option<String> {
    let browser = browser(user_agent)?;
    Some(match system(user_agent) {
        Some(system) => format!("{browser} on {system}"),
        None => browser,
    })
}

fn browser(user_agent: &str) -> Option<String> {
    // In this order: every one of them claims to be the ones after it.
    const MARKS: [(&str, &str); 8] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Version/", "Safari"),
    ];
    let (name, version) = MARKS
        .iter()
        .find_map(|(mark, name)| Some((*name, user_agent.split_once(mark)?.1)))?;
    if name == "Safari" && !user_agent.contains("Safari/") {
        return None;
    }
    let major: String = version.chars().take_while(char::is_ascii_digit).collect();
    Some(if major.is_empty() {
        name.to_owned()
    } else {
        format!("{name} {major}")
    })
}

fn system(user_agent: &str) -> Option<&'static str> {
    const MARKS: [(&str, &str); 7] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    MARKS
        .iter()
        .find_map(|(mark, name)| user_agent.contains(mark).then_some(*name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart() {
        let of = |text| label(text).unwrap_or_default();
        assert_eq!(
            of("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"),
            "Firefox 145 on Linux"
        );
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0";
        assert_eq!(of(edge), "Edge 142 on Windows");
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";
        assert_eq!(of(safari), "Safari 19 on iPhone");
        assert_eq!(label("sync-bot/2.1"), None);
        assert_eq!(label(""), None);
    }
}
