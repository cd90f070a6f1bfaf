//! Bodies in blocks, to the server and from it.

use super::{BODY, Bench, Reply, block};
use crate::coap::packet::{HEAD, option};
use alloc::vec::Vec;

#[test]
fn blocks_of_a_request_are_put_together() {
    let mut bench = Bench::new();
    let body: Vec<u8> = (0..40).collect();
    let first = bench.request(3, &[(option::BLOCK1, &block(0, true, 0))], &body[..16]);
    let second = bench.request(3, &[(option::BLOCK1, &block(1, true, 0))], &body[16..32]);
    let third = bench.request(3, &[(option::BLOCK1, &block(2, false, 0))], &body[32..]);
    assert_eq!(bench.refused(&second), 408);
    for (request, said) in [(&first, 0x08), (&first, 0x08), (&second, 0x18), (&second, 0x18), (&first, 0x08)]
    {
        let reply = bench.receive(request).0.unwrap();
        assert_eq!((reply.code, reply.option(option::BLOCK1)), (231, Some(said)));
    }
    // Another's are not among them, nor is what comes out of order.
    bench.peer.port = 2;
    assert_eq!(bench.refused(&third), 408);
    bench.peer.port = 1;
    let late = bench.request(3, &[(option::BLOCK1, &block(5, true, 0))], &body[..16]);
    assert_eq!(bench.refused(&late), 408);
    assert_eq!(bench.receive(&third), (None, Some(0)));
    let (method, _, whole, answer) = bench.serve(204, b"");
    assert_eq!((method, whole), (3, body.clone()));
    assert_eq!((answer.code, answer.option(option::BLOCK1)), (204, Some(0x20)));
    assert_eq!(bench.receive(&third).0, Some(answer));
    assert!(!bench.waits());
    // All in one, and one that begins anew in larger ones.
    let single = bench.request(3, &[(option::BLOCK1, &block(0, false, 1))], b"one");
    assert_eq!(bench.receive(&single), (None, Some(0)));
    assert_eq!(bench.serve(204, b"").2, b"one");
    for (number, more, part) in [(0, true, &body[..16]), (0, true, &body[..16]), (1, true, &body[16..32])] {
        let request = bench.request(3, &[(option::BLOCK1, &block(number, more, 0))], part);
        assert_eq!(bench.refused(&request), 231);
    }
    let rest = bench.request(3, &[(option::BLOCK1, &block(1, false, 1))], b"x");
    assert_eq!(bench.receive(&rest), (None, Some(0)));
    assert_eq!(bench.serve(204, b"").2.len(), 33);
}

#[test]
fn what_is_too_long_or_short_is_refused() {
    let mut bench = Bench::new();
    let too_large = |bench: &mut Bench, request: Vec<u8>| {
        let reply = bench.receive(&request).0.unwrap();
        assert_eq!((reply.code, reply.option(option::SIZE1)), (413, Some(BODY as u32)));
    };
    let whole = bench.request(3, &[], &[1; BODY + 1]);
    too_large(&mut bench, whole);
    let told = bench.request(3, &[(option::BLOCK1, &block(0, true, 0)), (option::SIZE1, &[129])], &[1; 16]);
    too_large(&mut bench, told);
    for number in 0..8 {
        let part = bench.request(3, &[(option::BLOCK1, &block(number, true, 0))], &[1; 16]);
        assert_eq!(bench.refused(&part), 231);
    }
    let beyond = bench.request(3, &[(option::BLOCK1, &block(8, false, 0))], b"x");
    too_large(&mut bench, beyond);
    let long = bench.request(3, &[(option::BLOCK1, &block(0, false, 0))], &[1; 17]);
    assert_eq!(bench.refused(&long), 400);
    let short = bench.request(3, &[(option::BLOCK1, &block(0, true, 0))], &[1; 15]);
    assert_eq!(bench.refused(&short), 400);
    let reserved = bench.request(3, &[(option::BLOCK1, &[7])], b"");
    assert_eq!(bench.refused(&reserved), 400);
    let far = bench.request(3, &[(option::BLOCK1, &[0xff, 0xff, 0xfe])], &[1; 16]);
    assert_eq!(bench.refused(&far), 408);
    assert!(!bench.waits());
    let cut = bench.request(3, &[], &[1; 20]);
    let (now, peer, mut out) = (bench.now, bench.peer, [0; HEAD]);
    let received = bench.server().receive(now, &peer, &cut, true, &mut out);
    assert_eq!(Reply::of(&out[..received.reply]).unwrap().code, 413);
    // Smaller blocks are asked for, and come.
    let first = bench.request(3, &[(option::BLOCK1, &block(0, true, 2))], &[1; 64]);
    assert_eq!(bench.receive(&first).0.unwrap().option(option::BLOCK1), Some(0x09));
    let rest = bench.request(3, &[(option::BLOCK1, &block(2, false, 1))], &[1; 20]);
    assert_eq!(bench.receive(&rest), (None, Some(0)));
    assert_eq!(bench.serve(204, b"").2.len(), 84);
}

#[test]
fn who_does_not_get_on_makes_room() {
    let mut bench = Bench::new();
    for port in 1..=2 {
        bench.peer.port = port;
        let request = bench.request(3, &[(option::BLOCK1, &block(0, true, 0))], &[1; 16]);
        assert_eq!(bench.refused(&request), 231);
        bench.now = bench.now.wrapping_add(1);
    }
    bench.peer.port = 3;
    let request = bench.request(2, &[], b"");
    assert_eq!(bench.receive(&request), (None, Some(0)));
    bench.serve(204, b"");
    for (port, code) in [(1, 408), (2, 231)] {
        bench.peer.port = port;
        let request = bench.request(3, &[(option::BLOCK1, &block(1, true, 0))], &[1; 16]);
        assert_eq!(bench.refused(&request), code);
    }
}

#[test]
fn a_long_answer_goes_in_blocks() {
    let mut bench = Bench::new();
    let body: Vec<u8> = (0..50).collect();
    let request = bench.request(1, &[], b"");
    bench.receive(&request);
    let (.., first) = bench.serve(205, &body);
    assert_eq!((&first.payload[..], first.option(option::BLOCK2)), (&body[..32], Some(0x09)));
    assert_eq!(first.option(option::SIZE2), Some(50));
    let second = bench.request(1, &[(option::BLOCK2, &block(1, false, 1))], b"");
    let reply = bench.receive(&second).0.unwrap();
    assert_eq!((&reply.payload[..], reply.option(option::BLOCK2)), (&body[32..], Some(0x11)));
    assert_eq!(reply.option(option::ETAG), first.option(option::ETAG));
    assert_eq!(bench.receive(&second).0.unwrap(), reply);
    assert_eq!(bench.receive(&request).0.unwrap(), first);
    // Smaller ones; and beyond the end.
    let third = bench.request(1, &[(option::BLOCK2, &block(3, false, 0))], b"");
    assert_eq!(bench.receive(&third).0.unwrap().payload, &body[48..]);
    let beyond = bench.request(1, &[(option::BLOCK2, &block(4, false, 0))], b"");
    assert_eq!(bench.refused(&beyond), 400);
    // Another client's first wish is any block; the app is asked, but not to do something once more.
    bench.peer.port = 2;
    let any = bench.request(1, &[(option::BLOCK2, &block(1, false, 0))], b"");
    assert_eq!(bench.receive(&any), (None, Some(0)));
    assert_eq!(bench.serve(205, &body).3.payload, &body[16..32]);
    let post = bench.request(2, &[(option::BLOCK2, &block(1, false, 0))], b"");
    assert_eq!(bench.refused(&post), 408);
    // One block that says that it is all.
    let small = bench.request(1, &[(option::BLOCK2, &block(0, false, 2))], b"");
    bench.receive(&small);
    let reply = bench.serve(205, b"all").3;
    assert_eq!((&reply.payload[..], reply.option(option::BLOCK2)), (&b"all"[..], Some(1)));
}
