#pragma once

#include "detect/flow/flow.hpp"
#include "detect/inspect/packet_tags.hpp"
#include "detect/inspect/rule_group.hpp"
#include "detect/inspect/signature.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace cresset::detect::inspect {

/// Rules that scans of growing bytes have found so far: the next scan looks at new bytes alone.
struct found_rules {
  /// Most rules kept; with more the bytes are scanned again from their begin.
  static constexpr std::size_t limit = 128;
  struct one {
    std::uint32_t rule = 0;
    std::uint64_t before = 0; ///< its literal ends at or before this place
  };
  std::vector<one> rules;
  bool overflowed = false;

  void add(std::uint32_t rule, std::uint64_t before) {
    if (rules.size() < limit)
      rules.push_back({rule, before});
    else
      overflowed = true;
  }
};

/// What the rules and the logs have made of one file of a transaction.
struct file_record {
  proto::direction way{};
  std::uint32_t place = 0;         ///< among the files of its direction
  std::string magic;               ///< its kind; empty while not known
  std::vector<std::uint32_t> sids; ///< rules that asked for it to be stored
  bool magic_is_final = false;     ///< made of enough of the file
  bool wants_storage = false;
  bool is_stored = false;
  bool is_logged = false;
};

/// How far the rules have come with one transaction.
struct transaction_record {
  /// A rule whose lead has matched and whose conditions held, waiting for the rest.
  struct waiting_rule {
    std::uint32_t signature = 0;
    std::uint64_t sections = 0; ///< bit n: section n has matched
  };
  /// Most rules kept waiting; those over it are counted and lost.
  static constexpr std::size_t limit_waiting = 1024;

  std::uint64_t number = 0;
  std::array<proto::progress, 2> seen{};           ///< looked at up to here
  std::array<bool, 2> begun{};                     ///< rules without a lead were tried
  std::array<std::uint8_t, 2> first_state{};       ///< of its flow then, in the terms of gates
  std::array<std::uint16_t, 2> events_looked_at{}; ///< rules about events were tried for so many
  /// By direction; in the third place rules that need both.
  std::array<std::vector<waiting_rule>, 3> waiting;
  std::array<std::vector<std::uint32_t>, 3> alerted;
  /// Rules about files that have alerted, with the file's place in its direction.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> alerted_files;
  /// A gathered buffer, by its place among the image's buffers, and by the file's place where it
  /// shows files.
  struct gathered {
    std::size_t place = 0;
    std::size_t file = 0;
    std::uint64_t seen = 0; ///< bytes that were there when it was last looked at
    found_rules found;
  };
  std::array<std::vector<gathered>, 2> bodies;
  std::vector<file_record> files; ///< those something is known of
  bool stores_files = false;      ///< a rule asked for all of its files
  file_record& file(proto::direction way, std::uint32_t place);
  std::array<bool, 2> ended{}; ///< its end was noted: the raw bytes of that direction became due
  bool logged = false;
};

/// What inspection keeps with a flow: the state that rules set, and how far each unit was
/// inspected.
class flow_record : public flow::flow_extension {
public:
  /// Most names of each kind that rules may set on one flow.
  static constexpr std::size_t limit_names = 1024;

  std::set<std::string, std::less<>> bits;
  std::map<std::string, std::uint32_t, std::less<>> numbers;
  std::map<std::string, std::string, std::less<>>
      variables;                                        ///< `flowvar`: what expressions captured
  std::map<std::string, double, std::less<>> entropies; ///< last one by buffer
  std::set<std::pair<std::uint64_t, std::string>> transaction_bits; ///< `xbits` that track tx

  std::array<bool, 2> ip_rules_done{};
  std::array<bool, 2> protocol_rules_done{};
  /// What was found for the last packet of each direction; stands as long as its traffic does.
  struct known_group {
    traffic of;
    const rule_group* group = nullptr;
    std::uint32_t generation = 0;
    bool no_address_rules = false; ///< no header rule names either address
  };
  std::array<known_group, 2> groups;
  std::string_view protocol_name; ///< for which `protocol` was looked up
  proto::app_protocol protocol = proto::app_protocol::unknown;
  /// A transaction of this direction came to its end: its raw bytes are due.
  std::array<bool, 2> raw_due{};
  packet_tag tag;                ///< `tag:session`
  bool logs_transactions = true; ///< until a `config` rule says otherwise
  bool logs_flow = true;
  std::uint32_t quiet_answers = 0; ///< to questions that a `config` rule keeps out of the log
  bool passed = false;             ///< a pass rule matched on the flow: nothing more is said of it
  std::array<found_rules, 2> on_stream;         ///< of the raw windows before
  std::array<bool, 2> stores_files{};           ///< a rule asked for all files of the direction
  std::vector<transaction_record> transactions; ///< in the order of their numbers

  bool has_state() const noexcept { return !bits.empty() || !numbers.empty(); }
  transaction_record& of(std::uint64_t number);
  void forget(std::uint64_t number) noexcept;
  /// Client and server change places.
  void swap_sides() noexcept;
};

} // namespace cresset::detect::inspect
