#pragma once

#include "coord/federation/stream_store.hpp"

#include <pqxx/pqxx>

#include <optional>
#include <string>
#include <vector>

namespace cresset::coord::store {

/// Which way a stream runs, as the tables write it.
enum class stream_direction : int { outgoing = 0, incoming = 1 };

/// The row of a stream.
struct stream_row {
  federation::stream_position head;
  federation::stream_position acknowledged;
  bool held = false;
};

/// Reads the row; `lock` makes it first if it is not there, and keeps others from appending until
/// the transaction ends.
stream_row read_stream(pqxx::work& t, const std::string& partner, stream_direction direction,
                       bool lock);
std::vector<federation::stream_epoch> read_epochs(pqxx::work& t, const std::string& partner,
                                                  stream_direction direction);

/// Adds an epoch and moves the head to its opening. The row must be locked.
void add_epoch(pqxx::work& t, const std::string& partner, stream_direction direction,
               const federation::stream_epoch& opened);
/// Adds an entry behind `head` and moves the head; gives where it stands now. The row must be
/// locked and `entry.sequence` be the next.
federation::stream_position add_entry(pqxx::work& t, const std::string& partner,
                                      stream_direction direction,
                                      const federation::stream_position& head,
                                      const federation::received_entry& entry);

/// The columns `entry_of` reads.
inline constexpr const char* entry_columns = "sequence, envelope, seal, body";
federation::stream_entry entry_of(const pqxx::row& row);
std::string text_of_bytes(const pqxx::field& bytea);
std::string bytea_text(std::string_view bytes);

} // namespace cresset::coord::store
