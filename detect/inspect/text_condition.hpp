#pragma once

#include "detect/inspect/condition.hpp"

namespace cresset::detect::inspect {

/// The keywords from before sticky buffers that look for a text in what is a buffer today
/// (`tls.subject`, `ssh.softwareversion`, `ssh.protoversion`), and those about a certificate's
/// days.

/// Where the condition looks; nothing when it is none of these, or the protocols have no such
/// buffer.
std::optional<std::vector<table_place>> text_places(const rule::condition& from,
                                                    const protocol_set& protocols);
/// Judges one of them on a transaction. Precondition: `c.places` are text_places().
bool text_holds(const ready_condition& c, const proto::transaction& tx,
                proto::app_protocol protocol, const subject& on) noexcept;

} // namespace cresset::detect::inspect
