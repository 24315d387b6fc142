//! Listening, until somebody asks to stop; what was begun is then ended first.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;

use crate::app::App;
use crate::jobs::Runner;
use crate::keeper::keep;
use crate::measures::verdicts;
use crate::metrics::serve_metrics;
use crate::patient::Patient;
use crate::router::router;
use crate::uploads::import_all;

/// How long requests that were begun may take to end.
const GRACE: Duration = Duration::from_secs(7);

/// How long a client may take to say what it wants, and how long a connection may lie idle.
const HEAD: Duration = Duration::from_secs(15);

/// Connections at the same time; whoever comes then waits to be let in.
const CONNECTIONS: usize = 8192;

/// Serves until `stop` comes; then takes no more, and lets what was begun end for a while.
pub async fn serve(
    app: &App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (tell, told) = watch::channel(false);
    let runner = Runner::begin(app);
    let background = background(app, &told).await?;
    let mut connections = JoinSet::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let router = router(app);
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => continue,
            accepted = accept(&listener, &room) => accepted,
        };
        let Some((stream, peer, permit)) = accepted else { continue };
        let (router, told) = (router.clone(), told.clone());
        connections.spawn(async move {
            converse(stream, peer, router, told).await;
            drop(permit);
        });
    }
    drop(listener);
    // Pushes never end by themselves.
    app.rooms().close();
    app.stop();
    // Nobody listens any more if everything has ended by itself.
    let _gone = tell.send(true);
    let requests = timeout(GRACE, async { while connections.join_next().await.is_some() {} });
    let (ended, ()) = tokio::join!(requests, runner.end());
    if ended.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
        connections.shutdown().await;
    }
    for task in background {
        task.await.map_err(io::Error::other)?;
    }
    Ok(())
}

/// What goes on beside requests, until it is told to stop.
async fn background(app: &App, told: &watch::Receiver<bool>) -> io::Result<Vec<JoinHandle<()>>> {
    let mut tasks = vec![
        tokio::spawn(import_all(app.clone(), told.clone())),
        tokio::spawn(verdicts::keep(app.clone(), told.clone())),
        tokio::spawn(keep(app.clone(), told.clone())),
    ];
    if let Some(address) = app.config().metrics_listen {
        let listener = TcpListener::bind(address).await?;
        let (metrics, mut told) = (app.metrics().clone(), told.clone());
        tasks.push(tokio::spawn(async move {
            // A collector that keeps its connection open does not hold up the end.
            tokio::select! {
                ended = serve_metrics(metrics, listener) => drop(ended),
                _stopping = told.wait_for(|is_over| *is_over) => {}
            }
        }));
    }
    Ok(tasks)
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> Option<Accepted> {
    let permit = Arc::clone(room).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, permit)),
        Err(cause) => {
            // Too many open files, or a client that is gone already: others may still come.
            tracing::warn!(%cause, "a connection could not be taken");
            sleep(Duration::from_millis(20)).await;
            None
        }
    }
}

/// Answers one client, request after request.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut told: watch::Receiver<bool>,
) {
    // A small answer does not wait for more.
    let _slower = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = router.clone();
        async move { Ok::<Response, Infallible>(answered(router.oneshot(request).await)) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(Patient::new(stream)), service);
    tokio::pin!(connection);
    tokio::select! {
        // What ends a connection is the client's affair.
        _ended = connection.as_mut() => return,
        _stopping = told.wait_for(|is_over| *is_over) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ended = connection.await;
}

fn answered(answer: Result<Response, Infallible>) -> Response {
    match answer {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
