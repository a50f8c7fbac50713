//! What the layout of a text says about who says what, whatever its words are: labels before a colon, names above or
//! below a quotation, quotations that stand alone, headlines.

mod completed;
mod continued;
mod headlines;
mod introduced;
mod label;
mod labelled;
mod named_above;
mod orphans;
mod settle;
mod signed;
mod taken;
mod turns;

pub(super) use continued::continue_quotations;
pub(super) use settle::settle;
pub(super) use turns::Turns;
