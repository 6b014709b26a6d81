#pragma once

#include "coord/federation/peer.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::federation {

/// What went wrong in a ceremony: one sentence with the remedy.
struct ceremony_error {
  std::string sentence;
};
template <typename T>
using ceremony_result = expected<T, ceremony_error>;

/// Makes and signs our next key record: number 1, or one more than `before`.
struct record_request {
  std::string owner; ///< identity id; empty: a new one is made
  std::string name;
  std::array<std::byte, 32> transport{};
  std::vector<signed_::public_key> signing;
  std::vector<std::string> endpoints;
  std::string issued;
};
ceremony_result<signed_::signed_key_record> make_record(const record_request& wanted,
                                                        const signed_::signing_key& identity,
                                                        const signed_::signed_key_record* before);

/// Reads an introduction: the file that `cresset partner export` writes and a partner sends.
ceremony_result<signed_::signed_key_record> read_introduction(const std::filesystem::path& path);
ceremony_result<void> write_introduction(const std::filesystem::path& path,
                                         const signed_::signed_key_record& record);

/// What two people compare before a pin, in lines.
std::string comparison_text(const signed_::signed_key_record& record);

/// Pins a partner in the folder: the fingerprint that was heard (spaces and case do not matter)
/// must be that of the record's identity key. A newer record of a pinned partner needs none.
ceremony_result<void> pin(const std::filesystem::path& folder,
                          const signed_::signed_key_record& record,
                          std::string_view heard_fingerprint);
/// Keeps a newer record of a pinned partner that came in its stream.
ceremony_result<void> renew_pin(const std::filesystem::path& folder,
                                const signed_::signed_key_record& newer);
/// All pins of the folder, checked; a damaged one is an error, since a partner must not vanish
/// silently. A folder that is not there holds none.
ceremony_result<std::vector<peer>> load_pins(const std::filesystem::path& folder);

} // namespace cresset::coord::federation
