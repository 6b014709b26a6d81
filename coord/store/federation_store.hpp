#pragma once

#include "coord/federation/stream_store.hpp"

namespace cresset::coord::store {

class connection_pool;

/// The streams of docs/federation.md in PostgreSQL (schema 0004). The row of a stream in
/// `federation_stream` is locked by whoever appends to it; it holds the head, so that sequence and
/// previous hash are checked and moved in the same transaction.
class federation_store : public federation::stream_store {
public:
  /// The pool must outlive the store.
  explicit federation_store(connection_pool& pool) : pool_{pool} {}

  template <typename T>
  using stored = federation::stored<T>;

  stored<federation::outgoing_state> outgoing(std::string_view partner) override;
  stored<federation::incoming_state> incoming(std::string_view partner) override;
  stored<void> open_outgoing(std::string_view partner,
                             const federation::stream_position& expected_head,
                             const federation::stream_epoch& opened) override;
  stored<federation::append_outcome>
  append_outgoing(std::string_view partner, const federation::stream_position& expected_head,
                  const federation::stream_entry& entry, const signed_::seal& content) override;
  stored<std::vector<federation::stream_entry>>
  read_outgoing(std::string_view partner, const federation::stream_position& from,
                std::size_t limit) override;
  stored<std::optional<signed_::digest>> outgoing_hash(std::string_view partner,
                                                       const federation::epoch_id& epoch,
                                                       std::uint64_t sequence) override;
  stored<void> acknowledge(std::string_view partner,
                           const federation::stream_position& position) override;
  stored<void> hold_outgoing() override;
  stored<void> open_incoming(std::string_view partner,
                             const federation::stream_position& expected_head,
                             const federation::stream_epoch& opened) override;
  stored<federation::stream_position>
  append_incoming(std::string_view partner, const federation::stream_position& expected_head,
                  std::span<const federation::received_entry> entries) override;
  stored<std::optional<federation::stream_entry>> incoming_entry(std::string_view partner,
                                                                 const federation::epoch_id& epoch,
                                                                 std::uint64_t sequence) override;
  stored<std::optional<federation::stream_entry>>
  incoming_object(std::string_view partner, std::string_view object_id,
                  std::string_view version) override;
  stored<std::vector<federation::unprocessed_entry>> unprocessed(std::string_view partner,
                                                                 std::size_t limit) override;
  stored<void> mark_processed(std::string_view partner, const federation::epoch_id& epoch,
                              std::uint64_t sequence) override;
  stored<std::optional<federation::released_object>> released(std::string_view source) override;
  stored<federation::append_outcome>
  keep_released(std::string_view source, const federation::released_object& made) override;
  stored<void> raise(const federation::partner_alarm& raised) override;

  /// How many alarms of a partner are kept.
  stored<std::uint64_t> alarms(std::string_view partner);

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store
