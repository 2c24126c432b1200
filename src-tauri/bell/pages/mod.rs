//! Pages, whoever shows them: which is opened, and what they are answered.
//!
//! - `opening`: opens pages, and addresses in the browser.
//! - `hearing`: takes what windows tell.
//! - `request`, `commands`: what Belldot's own pages may ask for, and what answers.
//! - `company`, `company_proxy`: a company's page, and by which proxy it goes.

mod commands;
mod company;
mod company_proxy;
mod hearing;
mod opening;
mod request;

pub use self::{hearing::hear, opening::open};
