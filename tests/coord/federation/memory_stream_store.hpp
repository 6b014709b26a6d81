#pragma once

#include "coord/federation/stream.hpp"
#include "coord/federation/stream_store.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace cresset::coord::federation {

/// A stream store in memory that keeps every rule of the interface, held to them by the same cases
/// as the real one (stream_store_cases.hpp). `fails_next` makes one call answer `unavailable`:
/// before it did anything, or (`after`) after it did, which is what a lost commit answer looks
/// like.
class memory_stream_store : public stream_store {
public:
  struct kept_entry {
    epoch_id epoch;
    stream_entry entry;
    signed_::seal seal;
    disposition what = disposition::take;
    std::string note;
    std::string released;
    bool superseded = false;
    bool processed = false;
  };
  struct one_stream {
    std::vector<stream_epoch> epochs;
    stream_position head;
    stream_position acknowledged;
    bool held = false;
    std::vector<kept_entry> entries;
  };
  enum class failure { none, before, after };

  std::map<std::string, one_stream, std::less<>> sent;
  std::map<std::string, one_stream, std::less<>> received;
  std::map<std::string, std::vector<released_object>, std::less<>> objects;
  std::vector<partner_alarm> alarms;
  failure fails_next = failure::none;

  stored<outgoing_state> outgoing(std::string_view partner) override {
    if (fails())
      return unexpected{stream_store_errc::unavailable};
    const auto& stream = of(sent, partner);
    return outgoing_state{stream.epochs, stream.head, stream.acknowledged, stream.held};
  }
  stored<incoming_state> incoming(std::string_view partner) override {
    if (fails())
      return unexpected{stream_store_errc::unavailable};
    const auto& stream = of(received, partner);
    return incoming_state{stream.epochs, stream.head};
  }
  stored<void> open_outgoing(std::string_view partner, const stream_position& expected_head,
                             const stream_epoch& opened) override {
    if (fails())
      return unexpected{stream_store_errc::unavailable};
    return open(of(sent, partner), expected_head, opened);
  }
  stored<append_outcome> append_outgoing(std::string_view partner,
                                         const stream_position& expected_head,
                                         const stream_entry& entry,
                                         const signed_::seal& content) override {
    if (fails())
      return unexpected{stream_store_errc::unavailable};
    auto& stream = of(sent, partner);
    if (stream.held)
      return unexpected{stream_store_errc::held};
    for (const auto& known : stream.entries)
      if (known.seal.id == content.id && known.seal.version == content.version)
        return known.seal.body == content.body
                   ? stored<append_outcome>{append_outcome::already_there}
                   : unexpected{stream_store_errc::equivocation};
    if (!(stream.head == expected_head) || entry.sequence != stream.head.sequence + 1)
      return unexpected{stream_store_errc::moved};
    append(stream, {stream.head.epoch, entry, content, disposition::take, "", "", false, true});
    return answered(append_outcome::appended);
  }
  stored<std::vector<stream_entry>>
  read_outgoing(std::string_view partner, const stream_position& from, std::size_t limit) override {
    if (fails())
      return unexpected{stream_store_errc::unavailable};
    std::vector<stream_entry> read;
    for (const auto& kept : of(sent, partner).entries)
      if (kept.epoch == from.epoch && kept.entry.sequence > from.sequence && read.size() < limit)
        read.push_back(kept.entry);
    return read;
  }
  stored<std::optional<signed_::digest>>
  outgoing_hash(std::string_view partner, const epoch_id& epoch, std::uint64_t sequence) override {
    if (fails())
      return unexpected{stream_store_errc::unavailable};
    const auto& stream = of(sent, partner);
    if (sequence == 0)
      for (const auto& known : stream.epochs)
        if (known.epoch == epoch)
          return std::optional{signed_::digest::of(known.opening)};
    for (const auto& kept : stream.entries)
      if (kept.epoch == epoch && kept.entry.sequence == sequence)
        return std::optional{signed_::digest::of(kept.entry.envelope)};
    return std::optional<signed_::digest>{};
  }
  stored<void> acknowledge(std::string_view partner, const stream_position& position) override {
    if (fails())
      return unexpected{stream_store_errc::unavailable};
    auto& stream = of(sent, partner);
    if (rank(stream, position) > rank(stream, stream.acknowledged))
      stream.acknowledged = position;
    return {};
  }
  stored<void> hold_outgoing() override {
    for (auto& [partner, stream] : sent)
      stream.held = true;
    return {};
  }
  stored<void> open_incoming(std::string_view partner, const stream_position& expected_head,
                             const stream_epoch& opened) override {
    if (fails())
      return unexpected{stream_store_errc::unavailable};
    auto& stream = of(received, partner);
    const auto outcome = open(stream, expected_head, opened);
    if (outcome && opened.after)
      for (auto& kept : stream.entries)
        if (kept.epoch == opened.after->epoch && kept.entry.sequence > opened.after->sequence)
          kept.superseded = true;
    return outcome;
  }
  stored<stream_position> append_incoming(std::string_view partner,
                                          const stream_position& expected_head,
                                          std::span<const received_entry> entries) override {
    if (fails())
      return unexpected{stream_store_errc::unavailable};
    auto& stream = of(received, partner);
    if (!(stream.head == expected_head))
      return unexpected{stream_store_errc::moved};
    one_stream trial = stream;
    for (const auto& arrived : entries) {
      const auto read = read_envelope(arrived.entry.envelope);
      if (!read || read->stated.at.epoch != trial.head.epoch ||
          judge(trial.head.in_chain(), read->stated.at.sequence, read->stated.at.hash) !=
              signed_::chain_verdict::next)
        return unexpected{stream_store_errc::moved};
      append(trial, {trial.head.epoch, arrived.entry, arrived.seal, arrived.what, arrived.note,
                     arrived.released, false, false});
    }
    stream = std::move(trial);
    return answered(stream.head);
  }
  stored<std::optional<stream_entry>>
  incoming_entry(std::string_view partner, const epoch_id& epoch, std::uint64_t sequence) override {
    if (fails())
      return unexpected{stream_store_errc::unavailable};
    for (const auto& kept : of(received, partner).entries)
      if (kept.epoch == epoch && kept.entry.sequence == sequence)
        return std::optional{kept.entry};
    return std::optional<stream_entry>{};
  }
  stored<std::optional<stream_entry>> incoming_object(std::string_view partner,
                                                      std::string_view object_id,
                                                      std::string_view version) override {
    if (fails())
      return unexpected{stream_store_errc::unavailable};
    for (const auto& kept : of(received, partner).entries)
      if (!kept.superseded && kept.seal.id == object_id && kept.seal.version == version)
        return std::optional{kept.entry};
    return std::optional<stream_entry>{};
  }
  stored<std::vector<unprocessed_entry>> unprocessed(std::string_view partner,
                                                     std::size_t limit) override {
    std::vector<unprocessed_entry> read;
    for (const auto& kept : of(received, partner).entries)
      if (!kept.processed && !kept.superseded && read.size() < limit)
        read.push_back({{kept.epoch, kept.entry.sequence, signed_::digest::of(kept.entry.envelope)},
                        {kept.entry, kept.seal, kept.what, kept.note, kept.released}});
    return read;
  }
  stored<void> mark_processed(std::string_view partner, const epoch_id& epoch,
                              std::uint64_t sequence) override {
    for (auto& kept : of(received, partner).entries)
      if (kept.epoch == epoch && kept.entry.sequence == sequence)
        kept.processed = true;
    return {};
  }
  stored<std::optional<released_object>> released(std::string_view source) override {
    const auto at = objects.find(source);
    return at == objects.end() ? std::optional<released_object>{}
                               : std::optional{at->second.back()};
  }
  stored<append_outcome> keep_released(std::string_view source,
                                       const released_object& made) override {
    auto& versions = objects[std::string{source}];
    for (const auto& known : versions)
      if (known.source_version == made.source_version)
        return append_outcome::already_there;
    versions.push_back(made);
    return append_outcome::appended;
  }
  stored<void> raise(const partner_alarm& raised) override {
    alarms.push_back(raised);
    return {};
  }

private:
  using streams = std::map<std::string, one_stream, std::less<>>;

  static one_stream& of(streams& all, std::string_view partner) {
    return all[std::string{partner}];
  }

  bool fails() {
    if (fails_next != failure::before)
      return false;
    fails_next = failure::none;
    return true;
  }
  template <typename T>
  stored<T> answered(T value) {
    if (fails_next != failure::after)
      return value;
    fails_next = failure::none;
    return unexpected{stream_store_errc::unavailable};
  }
  static std::pair<std::ptrdiff_t, std::uint64_t> rank(const one_stream& stream,
                                                       const stream_position& position) {
    const auto at = std::find_if(stream.epochs.begin(), stream.epochs.end(),
                                 [&](const auto& epoch) { return epoch.epoch == position.epoch; });
    return at == stream.epochs.end() ? std::pair{std::ptrdiff_t{-1}, std::uint64_t{0}}
                                     : std::pair{at - stream.epochs.begin(), position.sequence};
  }
  static stored<void> open(one_stream& stream, const stream_position& expected_head,
                           const stream_epoch& opened) {
    if (!(stream.head == expected_head))
      return unexpected{stream_store_errc::moved};
    stream.epochs.push_back(opened);
    stream.head = {opened.epoch, 0, signed_::digest::of(opened.opening)};
    stream.held = false;
    return {};
  }
  static void append(one_stream& stream, kept_entry kept) {
    stream.head = {stream.head.epoch, kept.entry.sequence,
                   signed_::digest::of(kept.entry.envelope)};
    stream.entries.push_back(std::move(kept));
  }
};

} // namespace cresset::coord::federation
