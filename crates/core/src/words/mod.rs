//! Every word that a person reads, from `locales/`.
