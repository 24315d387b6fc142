//! Listening, until somebody asks to stop; what was begun is then ended first.

use std::future::{Future, IntoFuture};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::app::App;
use crate::router::router;

/// How long requests that were begun may take to end.
const GRACE: Duration = Duration::from_secs(8);

/// Serves until `stop` comes; then takes no more, and lets what was begun end for a while.
pub async fn serve(
    app: &App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (told, stopping) = oneshot::channel();
    let stop = async move {
        stop.await;
        // Nobody listens any more if serving has ended by itself.
        let _gone = told.send(());
    };
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stop).into_future();
    tokio::pin!(serving);
    tokio::select! {
        ended = &mut serving => return ended,
        _ = stopping => {}
    }
    match timeout(GRACE, serving).await {
        Ok(ended) => ended,
        Err(_) => {
            tracing::warn!("some requests did not end in time and were cut off");
            Ok(())
        }
    }
}
