//! Every function of WASI preview 1: what its type is, and what does it.

use super::call::enter;
use super::signature::Signature;
use super::{Wasi, files, io, listing, poll, process, unstable};
use core::marker::PhantomData;
use zephyr_wasm_runtime::App;
use zephyr_wasm_runtime::abi::Caller;

/// How far a function is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// In every image with WASI.
    Always,
    /// Where the image has WASI's files.
    Files,
    /// Not: it returns `nosys`.
    No,
}

/// The functions for apps of one platform.
pub struct Table<P, const FILES: bool>(PhantomData<P>);

/// Writes the table. Behind each function stand its arguments and what does it, if anything does.
macro_rules! table {
    ($($support:ident $name:literal $signature:ident ($($arg:ident),*) $(=> $function:expr)?;)*) => {
        impl<P: Wasi, const FILES: bool> Table<P, FILES> {
            /// By name: how far it is supported, and the host function.
            pub const ALL: &'static [(&'static str, Support, Signature<P>)] = &[
                $(($name, Support::$support, table!(@entry $support $signature ($($arg)*) $($function)?))),*
            ];
        }

        /// What each function is called, how far it is supported, and its type: the letter `i` for each argument of 32
        /// bits, `l` for one of 64.
        pub fn functions() -> impl Iterator<Item = (&'static str, Support, &'static str)> {
            [$(($name, Support::$support, stringify!($signature))),*].into_iter()
        }
    };
    (@entry Always Exit ($($arg:ident)*) $function:expr) => {
        Signature::Exit(|cx: &mut Caller<'_, App<P>>, $($arg),*| enter(cx, |call| $function(call, $($arg),*)).map(drop))
    };
    (@entry Always $signature:ident ($($arg:ident)*) $function:expr) => {
        Signature::$signature(|cx: &mut Caller<'_, App<P>>, $($arg),*| enter(cx, |call| $function(call, $($arg),*)))
    };
    (@entry Files $signature:ident ($($arg:ident)*) $function:expr) => {
        if FILES { table!(@entry Always $signature ($($arg)*) $function) } else { Signature::Not(stringify!($signature)) }
    };
    (@entry No $signature:ident ($($arg:ident)*)) => { Signature::Not(stringify!($signature)) };
}

table! {
    Always "args_get" Ii (a, b) => process::args_get;
    Always "args_sizes_get" Ii (a, b) => process::args_sizes_get;
    Always "environ_get" Ii (a, b) => process::environ_get;
    Always "environ_sizes_get" Ii (a, b) => process::environ_sizes_get;
    Always "clock_res_get" Ii (a, b) => process::clock_res_get;
    Always "clock_time_get" Ili (a, b, c) => process::clock_time_get;
    Always "fd_advise" Illi (a, b, c, d) => io::fd_advise;
    Always "fd_allocate" Ill (a, b, c) => io::fd_allocate;
    Always "fd_close" I (a) => io::fd_close::<P, FILES>;
    Files "fd_datasync" I (a) => io::fd_sync;
    Always "fd_fdstat_get" Ii (a, b) => io::fd_fdstat_get;
    Always "fd_fdstat_set_flags" Ii (a, b) => io::fd_fdstat_set_flags;
    Always "fd_fdstat_set_rights" Ill (a, b, c) => io::fd_fdstat_set_rights;
    Always "fd_filestat_get" Ii (a, b) => io::fd_filestat_get::<P, FILES>;
    Files "fd_filestat_set_size" Il (a, b) => io::fd_filestat_set_size;
    No "fd_filestat_set_times" Illi ();
    Files "fd_pread" Iiili (a, b, c, d, e) => io::fd_pread;
    Always "fd_prestat_get" Ii (a, b) => io::fd_prestat_get;
    Always "fd_prestat_dir_name" Iii (a, b, c) => io::fd_prestat_dir_name;
    Files "fd_pwrite" Iiili (a, b, c, d, e) => io::fd_pwrite;
    Always "fd_read" Iiii (a, b, c, d) => io::fd_read::<P, FILES>;
    Files "fd_readdir" Iiili (a, b, c, d, e) => listing::fd_readdir;
    Always "fd_renumber" Ii (a, b) => io::fd_renumber::<P, FILES>;
    Always "fd_seek" Ilii (a, b, c, d) => io::fd_seek::<P, FILES>;
    Files "fd_sync" I (a) => io::fd_sync;
    Always "fd_tell" Ii (a, b) => io::fd_tell;
    Always "fd_write" Iiii (a, b, c, d) => io::fd_write::<P, FILES>;
    Files "path_create_directory" Iii (a, b, c) => files::path_create_directory;
    Files "path_filestat_get" Iiiii (a, b, c, d, e) => files::path_filestat_get;
    No "path_filestat_set_times" Iiiilli ();
    No "path_link" Iiiiiii ();
    Files "path_open" Iiiiillii (a, b, c, d, e, f, g, h, i) => files::path_open;
    Files "path_readlink" Iiiiii (a, b, c, d, e, f) => files::path_readlink;
    Files "path_remove_directory" Iii (a, b, c) => files::path_remove_directory;
    Files "path_rename" Iiiiii (a, b, c, d, e, f) => files::path_rename;
    No "path_symlink" Iiiii ();
    Files "path_unlink_file" Iii (a, b, c) => files::path_unlink_file;
    Always "poll_oneoff" Iiii (a, b, c, d) => poll::poll_oneoff::<P, { poll::SUBSCRIPTION_SIZE }>;
    Always "proc_exit" Exit (a) => process::proc_exit;
    No "proc_raise" I ();
    Always "random_get" Ii (a, b) => process::random_get;
    Always "sched_yield" None () => process::sched_yield;
    No "sock_accept" Iii ();
    No "sock_recv" Iiiiii ();
    No "sock_send" Iiiii ();
    Always "sock_shutdown" Ii (a, b) => io::sock_shutdown;
}

impl<P: Wasi, const FILES: bool> Table<P, FILES> {
    /// Those that snapshot 0 has otherwise, of the same types.
    pub const UNSTABLE: &'static [(&'static str, Signature<P>)] = &[
        ("fd_filestat_get", table!(@entry Always Ii (a b) unstable::fd_filestat_get::<P, FILES>)),
        ("fd_seek", table!(@entry Always Ilii (a b c d) unstable::fd_seek::<P, FILES>)),
        ("path_filestat_get", table!(@entry Files Iiiii (a b c d e) unstable::path_filestat_get)),
        (
            "poll_oneoff",
            table!(@entry Always Iiii (a b c d) poll::poll_oneoff::<P, { unstable::SUBSCRIPTION_SIZE }>),
        ),
    ];
}
