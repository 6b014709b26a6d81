#pragma once

#include "coord/federation/peer.hpp"
#include "coord/federation/stream_entry.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::federation {

/// What a sender signs about an entry (docs/federation.md section 5).
struct envelope {
  std::string from;
  std::string to;
  stream_position at;     ///< epoch and sequence of the entry; `hash` is that of the entry before
  signed_::digest object; ///< of the seal's bytes
  signed_::digest policy;
  std::string released;
};

/// What a sender signs when its stream goes on in a new epoch.
struct opening {
  std::string from;
  std::string to;
  epoch_id epoch;
  signed_::signed_key_record record; ///< in force for the whole epoch
  std::optional<stream_position> after;
  std::string opened;
};

/// How long a stream is, as its sender signs it.
struct head {
  std::string from;
  std::string to;
  stream_position at; ///< of the last entry
  std::string time;
};

/// Something read from its bytes and not yet believed: `document` says whether a key signed it.
template <typename Stated>
struct claimed {
  Stated stated;
  signed_::signed_document document;

  bool signed_under(const signed_::key_record& record) const {
    const auto* key = record.signing_key_of(document.key_id());
    return key != nullptr && document.verified_by(*key);
  }
};

std::string sign(const envelope& stated, const signed_::signing_key& key);
std::string sign(const opening& stated, const signed_::signing_key& key);
std::string sign(const head& stated, const signed_::signing_key& key);

/// Nothing for bytes that are no such document, or too many.
std::optional<claimed<envelope>> read_envelope(std::string_view bytes);
std::optional<claimed<head>> read_head(std::string_view bytes);
/// An opening carries the record that its own signature needs, so this one is verified; whose
/// identity key signed the record is still the caller's question.
std::optional<opening> read_opening(std::string_view bytes);

/// A random epoch id.
epoch_id new_epoch_id();
bool is_epoch_id(std::string_view text) noexcept;

} // namespace cresset::coord::federation
