//! How a request says whose it is: Signature Version 4
//! (<https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>).
//!
//! Only as much as sending needs: there is no query, and each header is there once, in lower case, without spaces at its ends
//! or several in a row.

use daybook_domain::time::Timestamp;
use hmac::{
    Hmac, KeyInit, Mac,
    digest::{InvalidLength, Output},
};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What is signed of a request.
pub(super) struct Request<'r> {
    pub method: &'r str,
    /// As it is sent, percent-encoded.
    pub path: &'r str,
    pub headers: Vec<(&'r str, &'r str)>,
    /// SHA-256 of the body, in hexadecimal digits.
    pub payload: &'r str,
}

/// Who signs, for what.
pub(super) struct Signer<'s> {
    pub key_id: &'s str,
    pub secret: &'s SecretString,
    pub region: &'s str,
    pub service: &'s str,
}

/// A time as it is signed and sent.
pub(super) fn date(at: Timestamp) -> String {
    at.to_datetime().format("%Y%m%dT%H%M%SZ").to_string()
}

impl Signer<'_> {
    /// The header `Authorization` of a request that goes out at this [`date`].
    pub fn authorization(&self, mut request: Request<'_>, date: &str) -> Result<String, InvalidLength> {
        request.headers.sort_unstable();
        let names: Vec<_> = request.headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let canonical = request.canonical(&names);
        let day = date.split('T').next().unwrap_or(date);
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let hash = hex::encode(Sha256::digest(canonical));
        let text = format!("{ALGORITHM}\n{date}\n{scope}\n{hash}");
        // A key of a day, a region and a service, made from the secret.
        let first = Zeroizing::new(format!("AWS4{}", self.secret.expose_secret()));
        let mut key = keyed(first.as_bytes(), day)?;
        for part in [self.region, self.service, "aws4_request"] {
            key = keyed(&key, part)?;
        }
        let signature = hex::encode(keyed(&key, &text)?);
        Ok(format!(
            "{ALGORITHM} Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            self.key_id
        ))
    }
}

impl Request<'_> {
    /// The form that both sides bring it into.
    fn canonical(&self, names: &str) -> String {
        let mut text = format!("{}\n{}\n\n", self.method, self.path);
        for (name, value) in &self.headers {
            text.extend([name, ":", value, "\n"]);
        }
        text.extend(["\n", names, "\n", self.payload]);
        text
    }
}

fn keyed(key: &[u8], text: &str) -> Result<Output<Sha256>, InvalidLength> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)?;
    mac.update(text.as_bytes());
    Ok(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn signature(signer: &Signer<'_>, request: Request<'_>, date: &str) -> (String, String) {
        let authorization = signer.authorization(request, date).unwrap();
        let (before, signature) = authorization.rsplit_once(", Signature=").unwrap();
        (before.to_owned(), signature.to_owned())
    }

    /// Of "Signature Calculations for the Authorization Header" in the reference of Amazon S3.
    #[test]
    fn the_examples_of_the_reference_hold() {
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into();
        let signer = Signer {
            key_id: "AKIAIOSFODNN7EXAMPLE",
            secret: &secret,
            region: "us-east-1",
            service: "s3",
        };
        let date = "20130524T000000Z";
        let payload = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
        assert_eq!(hex::encode(Sha256::digest("Welcome to Amazon S3.")), payload);
        let put = Request {
            method: "PUT",
            path: "/test%24file.text",
            headers: vec![
                ("host", "examplebucket.s3.amazonaws.com"),
                ("date", "Fri, 24 May 2013 00:00:00 GMT"),
                ("x-amz-date", date),
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                ("x-amz-content-sha256", payload),
            ],
            payload,
        };
        let (before, proof) = signature(&signer, put, date);
        assert_eq!(
            before,
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
             SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class"
        );
        assert_eq!(
            proof,
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        );
        let get = Request {
            method: "GET",
            path: "/test.txt",
            headers: vec![
                ("host", "examplebucket.s3.amazonaws.com"),
                ("range", "bytes=0-9"),
                ("x-amz-content-sha256", EMPTY),
                ("x-amz-date", date),
            ],
            payload: EMPTY,
        };
        assert_eq!(
            signature(&signer, get, date).1,
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        );
    }

    /// Of the test suite for Signature Version 4 that AWS publishes with its libraries: those without a query.
    #[test]
    fn the_cases_of_the_suite_hold() {
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into();
        let signer = Signer {
            key_id: "AKIDEXAMPLE",
            secret: &secret,
            region: "us-east-1",
            service: "service",
        };
        let at = "2015-08-30T12:36:00Z".parse().unwrap();
        let date = date(at);
        assert_eq!(date, "20150830T123600Z");
        let sum = "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e";
        let form = [
            ("content-length", "13"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("x-amz-content-sha256", sum),
        ];
        for (case, method, path, headers, payload, expected) in [
            (
                "get-vanilla",
                "GET",
                "/",
                &[][..],
                EMPTY,
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "get-utf8",
                "GET",
                "/%E1%88%B4",
                &[],
                EMPTY,
                "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
            ),
            (
                "get-space-unnormalized",
                "GET",
                "/example%20space/",
                &[],
                EMPTY,
                "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
            ),
            (
                "post-vanilla",
                "POST",
                "/",
                &[],
                EMPTY,
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
            (
                "post-header-key-sort",
                "POST",
                "/",
                &[("my-header1", "value1")],
                EMPTY,
                "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
            ),
            (
                "post-x-www-form-urlencoded",
                "POST",
                "/",
                &form,
                sum,
                "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
            ),
        ] {
            let ours = [("x-amz-date", &*date), ("host", "example.amazonaws.com")];
            let request = Request {
                method,
                path,
                headers: ours.iter().chain(headers).copied().collect(),
                payload,
            };
            assert_eq!(signature(&signer, request, &date).1, expected, "{case}");
        }
    }
}
