//! Every format with every kind of event that there is.
