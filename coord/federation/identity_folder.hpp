#pragma once

#include "coord/federation/ceremony.hpp"
#include "coord/federation/peer.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace cresset::coord::federation {

/// The folder of our own identity. Each NAME.key has a NAME.pub beside it.
/// - `identity.key` signs key records and nothing else; it may go elsewhere once the record is made
/// - `signing.key` signs objects and streams
/// - `transport.key` opens links
/// - `record` is our newest key record, which is also our introduction
struct loaded_identity {
  own_identity self;
  transport_keys transport;
};

/// Makes the three pairs of keys and record number 1. Refuses a folder that holds any of them.
ceremony_result<signed_::signed_key_record> make_identity(const std::filesystem::path& folder,
                                                          const std::string& name,
                                                          std::vector<std::string> endpoints);
/// Makes the next record of the keys that are in the folder now (after one of them was replaced, or
/// for new endpoints). Needs `identity.key`.
ceremony_result<signed_::signed_key_record> renew_identity(const std::filesystem::path& folder,
                                                           std::vector<std::string> endpoints);
/// What a server needs of it: the record, signing.key and transport.key, held against each other.
/// `identity.key` is not read.
ceremony_result<loaded_identity> load_identity(const std::filesystem::path& folder);
/// The record alone.
ceremony_result<signed_::signed_key_record> load_own_record(const std::filesystem::path& folder);

} // namespace cresset::coord::federation
