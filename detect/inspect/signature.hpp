#pragma once

#include "detect/inspect/buffer/chain.hpp"
#include "detect/inspect/buffer/transforms.hpp"
#include "detect/inspect/condition.hpp"
#include "detect/proto/app_protocol.hpp"
#include "detect/proto/direction.hpp"
#include "detect/proto/transaction.hpp"
#include "detect/rule/rule.hpp"
#include "detect/rule/threshold_config.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::inspect {

/// What a rule is tried on (docs/inspection-model.md section 2).
enum class rule_kind : std::uint8_t {
  decoder_event,
  packet, ///< header-only rules are of this kind too: each packet is their unit
  stream,
  packet_and_stream,
  transaction,
  protocol_only,
  ip_only,
  frame, ///< each frame of the type it names
};

/// One section of a rule, ready to be matched.
struct section {
  const rule::buffer_section* source = nullptr;
  buffer::chain tests;
  buffer::transformer transforms;
  std::vector<table_place>
      places; ///< of a transaction's buffer, each protocol and direction that has it
};

/// The literal by which a rule is found, and where.
struct lead {
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  std::uint32_t section =
      none;            ///< the section looked at first; `none` when the rule has none at all
  std::string literal; ///< empty: nothing to scan for, the rule is always tried
  bool nocase = false;
};

/// A rule ready to be matched. Immutable, shared by all workers.
struct signature {
  const rule::rule* source = nullptr;
  std::uint32_t index = 0; ///< its place in the order of evaluation, and in the image
  rule_kind kind{};
  protocol_set protocols; ///< application protocols it is for; none set: any, also unknown
  std::vector<section> sections;
  std::vector<ready_condition> conditions;
  inspect::lead lead;
  std::string_view frame_type; ///< of a rule about frames: the type all its sections look at
  /// Directions a run may have for it: from `flow`, and from the buffers.
  std::array<bool, 2> ways{true, true};
  /// Needs buffers of both directions of one transaction.
  bool is_transactional = false;
  /// About an event and nothing that one direction has.
  bool is_about_events = false;
  /// Its first condition or section needs a file: it alerts once a file.
  bool is_about_files = false;
  bool harvests = false;          ///< a section takes something along when the rule has matched
  bool needs_stream_only = false; ///< flow:only_stream
  std::uint8_t priority = 3;
  /// From the rule, or from threshold.config where that says more.
  std::optional<rule::options::threshold> threshold;
  std::vector<const rule::suppression*> suppressions; ///< they live in the image
  std::vector<const rule::rate_filter*> rate_filters;

  bool may_run(proto::direction way) const noexcept { return ways[proto::index(way)]; }
};

/// Whether the section's tests hold on these bytes, put through its transforms first.
bool matches(const section& one, const buffer::window& on, buffer::workspace& work);

/// Makes a rule ready; the rule must outlive the signature. Refused with a sentence when it asks
/// for something this engine cannot match yet. `index` and `priority` are set by the image.
expected<signature, std::string> make_signature(const rule::rule& from, lists::library& lists);

} // namespace cresset::detect::inspect
