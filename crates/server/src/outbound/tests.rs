//! S5: whatever an address looks like, no connection reaches what is not for everybody.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Method;
use reqwest::header::HeaderMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{Allowed, Lookup, Outbound, Outgoing, Unsent};

/// Ways to write this machine, its neighbours, and what clouds tell only themselves, a line each; `PORT` is where somebody
/// listens, and `\n` the end of a line.
const ADDRESSES: &str = include_str!("../../tests/addresses.txt");

/// Listens everywhere on this machine and counts who comes.
async fn listener() -> (u16, Arc<AtomicUsize>) {
    let came = Arc::new(AtomicUsize::new(0));
    let four = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await.unwrap();
    let port = four.local_addr().unwrap().port();
    let mut all = vec![four];
    // Some machines have no IPv6; then nobody can come that way either.
    all.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok());
    for listener in all {
        let came = Arc::clone(&came);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                came.fetch_add(1, Ordering::SeqCst);
                let mut buffer = [0; 4096];
                let _read = stream.read(&mut buffer).await;
                let _gone = stream.write_all(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 2\r\n\r\nok").await;
            }
        });
    }
    (port, came)
}

fn asked(url: &str) -> Outgoing {
    Outgoing {
        method: Method::GET,
        url: url.to_owned(),
        headers: HeaderMap::new(),
        body: Vec::new(),
    }
}

fn lookup(answer: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static) -> Arc<Lookup> {
    Arc::new(move |name| {
        let found = answer(&name);
        Box::pin(async move { Ok(found) })
    })
}

#[tokio::test]
async fn s5_no_spelling_reaches_what_is_not_for_everybody() {
    assert!(ADDRESSES.lines().count() >= 60, "{}", ADDRESSES.lines().count());
    let (port, came) = listener().await;
    let outbound = Outbound::new(Allowed::default()).unwrap();
    for spelling in ADDRESSES.lines() {
        let url = spelling.replace("PORT", &port.to_string()).replace("\\n", "\n");
        let sent = outbound.send(asked(&url)).await;
        assert!(
            matches!(sent, Err(Unsent::Refused(_)) | Err(Unsent::Failed(_))),
            "{url}: {sent:?}"
        );
        assert_eq!(came.load(Ordering::SeqCst), 0, "{url}");
    }
    // The same listener is reached when the operator says so, so that nobody came because nobody could.
    let allowing = Outbound::new("127.0.0.1".parse().unwrap()).unwrap();
    let reached = allowing.send(asked(&format!("http://127.0.0.1:{port}/"))).await.unwrap();
    assert_eq!((reached.status, &*reached.body), (302, &b"ok"[..]), "a redirect is not followed");
    assert_eq!(came.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn s5_a_name_that_leads_inside_is_refused_and_one_bad_address_is_enough() {
    let (port, came) = listener().await;
    let inside: &[(&str, &[&str])] = &[
        ("inside.example", &["127.0.0.1"]),
        ("both.example", &["93.184.215.14", "127.0.0.1"]),
        ("six.example", &["::1"]),
        ("mapped.example", &["::ffff:127.0.0.1"]),
        ("nat64.example", &["64:ff9b::7f00:1"]),
        ("cloud.example", &["169.254.169.254"]),
    ];
    let outbound = Outbound::with_lookup(
        Allowed::default(),
        lookup(|name| {
            let (_, found) = inside.iter().find(|(known, _)| *known == name).unwrap();
            found.iter().map(|it| it.parse().unwrap()).collect()
        }),
    )
    .unwrap();
    for (name, _) in inside {
        let sent = outbound.send(asked(&format!("http://{name}:{port}/"))).await;
        assert!(matches!(sent, Err(Unsent::Refused(_))), "{name}: {sent:?}");
    }
    assert_eq!(came.load(Ordering::SeqCst), 0);
}

/// The first answer is for everybody, every later one is this machine: whoever looked twice would be sent here.
#[tokio::test]
async fn s5_an_answer_that_changes_changes_nothing() {
    let came = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let arrivals = Arc::clone(&came);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            arrivals.fetch_add(1, Ordering::SeqCst);
        }
    });
    let asked_so_often = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked_so_often);
    let outbound = Outbound::with_lookup(
        // An address of this machine where nobody listens stands for the world outside.
        "127.9.9.9".parse().unwrap(),
        lookup(move |_| match count.fetch_add(1, Ordering::SeqCst) {
            0 => vec!["127.9.9.9".parse().unwrap()],
            _ => vec!["127.0.0.1".parse().unwrap()],
        }),
    )
    .unwrap();
    let url = format!("http://rebinding.example:{port}/");
    outbound.check(&url).unwrap();
    let first = outbound.send(asked(&url)).await;
    assert!(matches!(first, Err(Unsent::Failed(_))), "{first:?}");
    assert_eq!(asked_so_often.load(Ordering::SeqCst), 1, "it is resolved once for a request");
    let second = outbound.send(asked(&url)).await;
    assert!(matches!(second, Err(Unsent::Refused(_))), "{second:?}");
    assert_eq!(came.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn ports_of_other_services_are_refused_and_those_that_the_operator_names_are_not() {
    let outbound = Outbound::new("mail.example".parse().unwrap()).unwrap();
    for port in [22, 25, 53, 110, 389, 445, 587] {
        assert!(outbound.check(&format!("http://hooks.example:{port}/")).is_err(), "{port}");
        assert!(outbound.check(&format!("http://mail.example:{port}/")).is_ok(), "{port}");
    }
    for address in
        ["https://hooks.example/", "http://hooks.example:80/", "https://hooks.example:8443/a?b=c"]
    {
        assert!(outbound.check(address).is_ok(), "{address}");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 4096];
        let _read = stream.read(&mut buffer).await;
        let _gone = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'a'; 65536]).await.is_ok() {}
    });
    let outbound = Outbound::new("127.0.0.1".parse().unwrap()).unwrap();
    let sent = outbound.send(asked(&format!("http://127.0.0.1:{port}/"))).await;
    assert!(matches!(&sent, Err(Unsent::Failed(why)) if why.contains("larger")), "{sent:?}");
}
