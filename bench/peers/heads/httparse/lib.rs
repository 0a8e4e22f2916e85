//! What ../head_peer.h declares, for httparse: request line and fields, no meaning. The fields are left uninitialised
//! before they are parsed, which is the least work httparse can be asked to do.
use httparse::{Header, Request, Status};
use std::mem::MaybeUninit;

const FIELDS_MAX: usize = 128;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Text {
    data: *const u8,
    size: usize,
}

#[repr(C)]
pub struct Facts {
    method: Text,
    target: Text,
    head_size: usize,
    field_count: usize,
    names: [Text; FIELDS_MAX],
    values: [Text; FIELDS_MAX],
}

type Fields<'a> = [MaybeUninit<Header<'a>>; FIELDS_MAX];

fn text(bytes: &[u8]) -> Text {
    Text { data: bytes.as_ptr(), size: bytes.len() }
}

fn room<'a>() -> Fields<'a> {
    unsafe { MaybeUninit::uninit().assume_init() }
}

/// Bytes of the head; none when it is refused or incomplete.
#[inline]
fn parse<'h, 'a>(head: &'a [u8], request: &mut Request<'h, 'a>, fields: &'h mut Fields<'a>) -> Option<usize> {
    match request.parse_with_uninit_headers(head, fields) {
        Ok(Status::Complete(size)) => Some(size),
        _ => None,
    }
}

/// # Safety
/// `head` must be readable, `facts` writable.
#[no_mangle]
pub unsafe extern "C" fn head_facts(head: Text, facts: *mut Facts) -> i32 {
    let mut fields = room();
    let mut request = Request::new(&mut []);
    let size = match parse(std::slice::from_raw_parts(head.data, head.size), &mut request, &mut fields) {
        Some(size) => size,
        None => return 0,
    };
    let facts = &mut *facts;
    facts.method = text(request.method.unwrap_or("").as_bytes());
    facts.target = text(request.path.unwrap_or("").as_bytes());
    facts.head_size = size;
    facts.field_count = request.headers.len();
    for (i, field) in request.headers.iter().enumerate() {
        facts.names[i] = text(field.name.as_bytes());
        facts.values[i] = text(field.value);
    }
    1
}

/// # Safety
/// `heads` must point to `count` readable texts.
#[no_mangle]
pub unsafe extern "C" fn head_run(heads: *const Text, count: usize, rounds: u64) -> u64 {
    let heads = std::slice::from_raw_parts(heads, count);
    let mut accepted = 0;
    for _ in 0..rounds {
        for head in heads {
            let mut fields = room();
            let mut request = Request::new(&mut []);
            let bytes = std::slice::from_raw_parts(head.data, head.size);
            accepted += u64::from(parse(bytes, &mut request, &mut fields).is_some());
            // As if somebody read the request; `black_box` is younger than Debian's compiler.
            std::arch::asm!("/* {0} */", in(reg) &request, options(nostack, preserves_flags));
        }
    }
    accepted
}
