//! `zephyr:http` by ureq.

use crate::activity::note;
use crate::current;
use crate::platform::HostPlatform;
use crate::pool::Pool;
use crate::sockets::{duration, failure};
use crate::world::world;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::http::{Device, HttpMethod, HttpRequest, HttpResponse};

static REQUESTS: Pool<()> = Pool::new();

fn failed(error: ureq::Error) -> Failure {
    match error {
        ureq::Error::Timeout(_) => Failure::Timeout,
        ureq::Error::HostNotFound => Failure::NoName,
        ureq::Error::BodyExceedsLimit(_) => Failure::TooLarge,
        ureq::Error::Io(error) => failure(&error),
        ureq::Error::ConnectionFailed => Failure::Refused,
        _ => Failure::Protocol,
    }
}

fn fetch(request: &HttpRequest<'_>, timeout: u64) -> Result<HttpResponse, ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(duration(timeout)))
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let host =
        if request.host.contains(':') { format!("[{}]", request.host) } else { request.host.to_owned() };
    let method = match request.method {
        HttpMethod::Get => "GET",
        HttpMethod::Head => "HEAD",
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Delete => "DELETE",
    };
    let mut builder = ureq::http::Request::builder()
        .method(method)
        .uri(format!("http://{host}:{}{}", request.port, request.path));
    for (name, value) in request.headers.iter().filter_map(|line| line.split_once(':')) {
        builder = builder.header(name.trim(), value.trim());
    }
    let mut response = match request.body {
        [] => agent.run(builder.body(())?)?,
        body => agent.run(builder.body(body)?)?,
    };
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(world().configured.http as u64).read_to_vec()?;
    Ok(HttpResponse { status, body })
}

impl Device for HostPlatform {
    fn fetch(&self, request: &HttpRequest<'_>, timeout: u64) -> Result<HttpResponse, Failure> {
        current::outside(|app| {
            if request.body.len() > world().configured.http {
                return Err(Failure::TooLarge);
            }
            let _request = REQUESTS.hold(world().configured.http_requests, ())?;
            let response = fetch(request, timeout).map_err(failed)?;
            note(app, &format!("http {}{}", request.host, request.path), &response.status.to_string());
            Ok(response)
        })
    }
}
