//! Windows, as the bell sees them: another program shows them, mostly in a process of its own.
//!
//! - `host`: whoever shows them; `message`: what the two tell each other.
//! - `process`: the processes that show windows.
//! - `activation`: the token of a click, by which a window may come to the front.
//! - `company_data`: what companies' pages keep.

mod activation;
mod company_data;
mod host;
mod message;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub mod process;

pub use self::{
    activation::Activation,
    company_data::{folder, forget_all_but, forget_gone, remove},
    host::{WindowHost, WindowOwner},
    message::{
        COMPANY, CompanyPage, FromWindows, PageProxy, SETTINGS, ShowWindow, TODOS, ToWindows,
        WindowPage, WindowStart,
    },
};
