//! Many datagrams a system call.
