//! Who is told of changes.

use super::{BODY, Bench, block};
use crate::Failure;
use crate::coap::Path;
use crate::coap::packet::{Type, Writer, code, empty, option};
use crate::coap::state::State;
use alloc::vec::Vec;
use alloc::{format, vec};

#[test]
fn observers_are_told() {
    let mut bench = Bench::new();
    assert_eq!(bench.observe(1).option(option::OBSERVE), None);
    assert_eq!(bench.notify(205, b"x"), Err(Failure::Invalid));
    bench.server().make_observable(0);
    let registered = bench.observe(1).option(option::OBSERVE).unwrap();
    // There is room for one.
    assert_eq!(bench.observe(2).option(option::OBSERVE), None);
    assert_eq!(bench.server().notify(0, b"stor", 0x45, b""), Err(Failure::Invalid));
    assert_eq!(bench.server().notify(0, b"store/x", 0x45, b""), Ok(0));
    assert_eq!(bench.notify(205, &[0; BODY + 1]), Err(Failure::TooLarge));
    assert_eq!(bench.notify(205, b"second"), Ok(1));
    let told = bench.due();
    assert_eq!((told.len(), &told[0].payload[..], told[0].kind), (1, &b"second"[..], Type::Confirmable));
    assert!(told[0].option(option::OBSERVE).unwrap() > registered);
    // While it is under way, only the newest of what follows is kept.
    assert_eq!((bench.notify(205, b"third"), bench.notify(205, b"fourth")), (Ok(1), Ok(1)));
    assert_eq!(bench.due(), []);
    bench.receive(&empty(Type::Acknowledgement, told[0].id ^ 1));
    assert_eq!(bench.due(), []);
    bench.receive(&empty(Type::Acknowledgement, told[0].id));
    let told = bench.due();
    assert_eq!((told.len(), &told[0].payload[..]), (1, &b"fourth"[..]));
    bench.receive(&empty(Type::Acknowledgement, told[0].id));
    let now = bench.now;
    assert_eq!((bench.due(), bench.server().wait(now)), (vec![], None));
    // Long ones begin with their first block; the client asks for the others.
    let body: Vec<u8> = (0..40).collect();
    assert_eq!(bench.notify(205, &body), Ok(1));
    let told = bench.due();
    assert_eq!((&told[0].payload[..], told[0].option(option::BLOCK2)), (&body[..32], Some(0x09)));
    let rest = bench.request(1, &[(option::BLOCK2, &block(1, false, 1))], b"");
    assert_eq!(bench.receive(&rest).0.unwrap().payload, &body[32..]);
    // Who refuses is told no more.
    bench.receive(&empty(Type::Reset, told[0].id));
    assert_eq!((bench.notify(205, b"x"), bench.due()), (Ok(0), vec![]));
}

#[test]
fn observers_that_are_lost_or_go_are_told_no_more() {
    let mut bench = Bench::new();
    bench.server().make_observable(0);
    bench.observe(1);
    bench.notify(205, b"second").unwrap();
    let first = bench.due();
    let (mut waited, mut sent) = (0, 1);
    loop {
        let now = bench.now;
        let Some(wait) = bench.server().wait(now) else { break };
        waited += wait;
        bench.now = now.wrapping_add(wait);
        // A change has it told what is new, by another message.
        if sent == 2 {
            bench.notify(205, b"third").unwrap();
        }
        let told = bench.due();
        sent += told.len();
        if let [told] = &told[..] {
            assert_eq!(told.id == first[0].id, sent == 2, "{told:?}");
            assert_eq!(told.payload == b"second", sent == 2, "{told:?}");
        }
    }
    assert_eq!(sent, 5);
    assert!((62_000..=93_000).contains(&waited), "{waited}");
    assert_eq!(bench.notify(205, b"x"), Ok(0));
    // One that says so.
    bench.observe(1);
    bench.id += 1;
    let mut out = [0; 64];
    let mut writer = Writer::new(&mut out, Type::Confirmable, code::GET, bench.id, &[1]);
    writer.number(option::OBSERVE, 1);
    writer.path(b"store");
    let size = writer.finish(&[]);
    bench.receive(&out[..size]);
    assert_eq!(bench.serve(205, b"").3.option(option::OBSERVE), None);
    assert_eq!(bench.notify(205, b"x"), Ok(0));
    // An error is the last, and so is the end of the app.
    bench.observe(1);
    assert_eq!(bench.notify(404, b""), Ok(1));
    let told = bench.due();
    assert_eq!((told[0].code, told[0].option(option::OBSERVE)), (404, None));
    bench.receive(&empty(Type::Acknowledgement, told[0].id));
    assert_eq!(bench.notify(205, b"x"), Ok(0));
    bench.observe(1);
    bench.server().end(0);
    let told = bench.due();
    assert_eq!((told.len(), told[0].code, told[0].kind), (1, 404, Type::NonConfirmable));
    assert_eq!(bench.due(), []);
}

#[test]
fn who_observes_another_path_leaves_nothing_behind() {
    let mut bench = Bench::new();
    bench.server().make_observable(0);
    // More paths than there are places, of one observer, who is told of each.
    for round in 0..2 * bench.exchanges.len() {
        let path = format!("store/{round}");
        assert!(bench.observe_at(0, 1, path.as_bytes()).option(option::OBSERVE).is_some());
        assert_eq!(bench.server().notify(0, path.as_bytes(), code::CONTENT, b"x"), Ok(1));
        let told = bench.due();
        bench.receive(&empty(Type::Acknowledgement, told[0].id));
        let kept = bench.exchanges.iter().filter(|one| one.state == State::Told).count();
        assert_eq!(kept, 1, "{path}");
    }
    // Nor does it have a place of another app's.
    assert!(bench.server().serve(1, &Path::of(b"other").unwrap(), 2));
    bench.server().make_observable(1);
    assert!(bench.observe_at(1, 2, b"other").option(option::OBSERVE).is_some());
    assert_eq!(bench.observe_at(1, 1, b"other").option(option::OBSERVE), None);
    assert_eq!(bench.server().notify(1, b"other", code::CONTENT, b"x"), Ok(1));
    assert!(bench.observe_at(0, 3, b"store").option(option::OBSERVE).is_some());
}
