#include "coord/server/stream_commands.hpp"

#include "coord/federation/ceremony.hpp"
#include "coord/server/database.hpp"
#include "coord/store/federation_store.hpp"

#include <fmt/format.h>

namespace cresset::coord::server {
namespace {

constexpr std::size_t read_limit = 500;

template <typename T>
T value_of(federation::stored<T> answer) {
  if (!answer)
    throw std::runtime_error{"streams: " + std::string{to_string(answer.error())}};
  return *std::move(answer);
}

/// Goes over entries in order and keeps one digest of all their bytes.
struct summary {
  std::uint64_t entries = 0;
  signed_::digest bytes;

  void add(const federation::stream_entry& entry) {
    ++entries;
    const auto whole = entry.envelope + entry.content.seal_bytes + entry.content.body;
    bytes = signed_::digest::of(bytes.hex() + signed_::digest::of(whole).hex());
  }
  void print(const char* direction, const std::string& partner,
             const federation::stream_position& head) const {
    fmt::print("{} {} entries {} epoch {} head {} bytes {}\n", direction, partner, entries,
               head.epoch.empty() ? "none" : head.epoch, head.hash.hex(), bytes.hex());
  }
};

void print_outgoing(store::federation_store& streams, const federation::peer& partner) {
  const auto state = value_of(streams.outgoing(partner.id()));
  summary whole;
  for (const auto& epoch : state.epochs)
    for (federation::stream_position at{epoch.epoch, 0, {}};;) {
      const auto entries = value_of(streams.read_outgoing(partner.id(), at, read_limit));
      if (entries.empty())
        break;
      for (const auto& entry : entries)
        whole.add(entry);
      at.sequence = entries.back().sequence;
    }
  whole.print("out", partner.name(), state.head);
}

void print_incoming(store::federation_store& streams, const federation::peer& partner) {
  const auto state = value_of(streams.incoming(partner.id()));
  summary whole;
  for (const auto& epoch : state.epochs)
    for (std::uint64_t sequence = 1;; ++sequence) {
      const auto entry = value_of(streams.incoming_entry(partner.id(), epoch.epoch, sequence));
      if (!entry)
        break;
      whole.add(*entry);
    }
  whole.print("in", partner.name(), state.head);
}

} // namespace

int list_streams(const command_line& line) {
  const auto pins = federation::load_pins(line.settings.partners);
  if (!pins)
    throw std::runtime_error{"partners: " + pins.error().sentence};
  const auto data = borrow_database(line.settings);
  store::federation_store streams{data.store->pool()};
  for (const auto& partner : *pins) {
    print_outgoing(streams, partner);
    print_incoming(streams, partner);
  }
  return 0;
}

int hold_streams(const command_line& line) {
  const auto data = borrow_database(line.settings);
  store::federation_store streams{data.store->pool()};
  if (const auto held = streams.hold_outgoing(); !held)
    throw std::runtime_error{"streams: " + std::string{to_string(held.error())}};
  fmt::print("all streams are held: nothing is signed for a partner before its open was seen\n");
  return 0;
}

} // namespace cresset::coord::server
