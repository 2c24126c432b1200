//! The server's name: whether it has an address, and who has to know.

use std::time::{Duration, Instant};

use tokio::{net::lookup_host, time::timeout};
use url::{Host, Url};

use super::report::{Report, ReportStep};

/// How long looking up a name may take.
const LOOK_UP: Duration = Duration::from_secs(12);

/// Looks the name up. Where a proxy does so, what this computer knows is only worth knowing.
///
/// # Errors
/// Why there can be no stream, if there is no address.
pub async fn look_up(url: &Url, proxied: bool, report: &mut Report<'_>) -> Result<(), String> {
    let Some(Host::Domain(host)) = url.host() else {
        return Ok(());
    };
    let port = url.port_or_known_default().unwrap_or(443);
    let start = Instant::now();
    let found = timeout(LOOK_UP, lookup_host((host, port))).await;
    let millis = start.elapsed().as_millis() as u64;
    let first = match found {
        Ok(Ok(mut addresses)) => addresses.next().map(|address| address.ip().to_string()),
        Ok(Err(_)) | Err(_) => None,
    };
    let ok = |ok| (!proxied).then_some(ok);
    match first {
        Some(address) => {
            let step = ReportStep::new("name", ok(true), "probe-name-address");
            report.add(
                step.with("host", host)
                    .with("address", address)
                    .took(millis),
            );
            Ok(())
        }
        None if proxied => {
            let step = ReportStep::new("name", None, "probe-name-by-proxy");
            report.add(step.with("host", host).took(millis));
            Ok(())
        }
        None => {
            let step = ReportStep::new("name", ok(false), "probe-name-none");
            report.add(step.with("host", host).took(millis));
            let words = report.words();
            Err(words.text("probe-name-none", &[("host", host.into())]))
        }
    }
}
