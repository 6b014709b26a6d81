#pragma once

#include "capture/base/counter.hpp"
#include "detect/inspect/file_magic.hpp"
#include "detect/inspect/flow_record.hpp"
#include "detect/inspect/image.hpp"
#include "detect/inspect/match.hpp"
#include "detect/inspect/rule_group.hpp"
#include "detect/inspect/shared_state.hpp"
#include "detect/inspect/subject.hpp"

#include <functional>
#include <span>
#include <vector>

namespace cresset::detect::inspect {

struct inspector_settings {
  bool naive = false;            ///< `detect.plan=naive`: try every rule, scan for nothing
  std::size_t limit_alerts = 15; ///< `packet-alert-max`
  std::array<std::uint64_t, 2> chunk_bytes{
      2560, 2560}; ///< `stream.reassembly.to{server,client}-chunk-size`
};

/// What inspection has done. One thread raises, any thread reads.
struct inspector_counters {
  counter runs;
  counter candidates; ///< rules tried
  counter matches;
  counter alerts;
  counter alert_queue_overflow;
  counter alerts_suppressed; ///< by threshold or detection_filter
  counter scan_failures;     ///< the scanner gave up and every rule was tried
  counter waiting_refused;   ///< rules over a transaction's limit
};

/// The rules whose literals stand in one packet's payload, looked for before the packet's turn.
struct payload_hits {
  const literal_index* in = nullptr; ///< null: nobody looked
  byte_view bytes{};
  std::vector<std::uint32_t> rules;
};

/// The rules' side of one worker: tries them on what a packet made available
/// (docs/inspection-model.md). One thread.
class inspector {
public:
  /// All must outlive the inspector.
  inspector(const image& rules, shared_state& state, const inspector_settings& settings);

  /// Scans a packet's payload ahead of its run: a burst's scans behind one another find the tables
  /// of the scan in the caches. `way` may turn out wrong; the run scans again then.
  void look_ahead(byte_view payload, bool is_tcp, proto::direction way, payload_hits& to);
  /// What look_ahead found for the packets of the runs to come; null for nothing. It must outlive
  /// these runs, and the payload must not have changed.
  void use(const payload_hits* found) noexcept { ahead_ = found; }

  /// Inspects one direction once. The matches, in the order of their alerts, are valid until the
  /// next run.
  std::span<const match> run(subject& on);

  /// The packet of the last run belongs to what a rule with `tag` wants told, and made no alert.
  bool packet_is_tagged() const noexcept { return tagged_ && matches_.empty(); }
  /// Called before state beyond one flow is touched (thresholds, bits of addresses, sets): several
  /// workers give it up in the capture's order. Empty for none.
  void set_turn(std::function<void()> wait) { wait_for_turn_ = std::move(wait); }

  const inspector_counters& counters() const noexcept { return counters_; }
  std::uint64_t chains_given_up() const noexcept { return work_.places_exhausted; }

private:
  friend class transaction_inspector;

  // Candidates of the unit at hand, each once.
  void begin_candidates() noexcept;
  void try_rule(std::uint32_t index);
  void try_rules(std::span<const std::uint32_t> indices);
  /// As try_rules, for those whose gate is open and whose probe passes; for all of them with the
  /// naive plan.
  void try_admitted(std::span<const std::uint32_t> indices);
  void try_list(const candidate_list& list, const subject& on);
  /// Those whose literal stands in `bytes`, and those without one.
  void try_unit(const unit_rules& rules, byte_view bytes);
  /// The same for packets, where `group` has those without a literal.
  void try_payload(const unit_rules& rules, const rule_group::unit& group, byte_view bytes,
                   const subject& on);
  /// The same for raw windows, of which only the fresh bytes are scanned.
  void try_window(const flow::raw_window& window, subject& on);
  /// Scans for `index`; when that fails, every one of `rules` counts as found.
  template <typename F>
  void scan(const literal_index& index, const unit_rules& rules, byte_view bytes, F&& on_rule);
  /// As scan, for bytes that grow: `fresh` of them, at the end, were not scanned before. `end` is
  /// the place behind them; with `gated` rules are tried as try_admitted does.
  void scan_growing(const unit_rules& rules, byte_view bytes, std::size_t fresh, std::uint64_t end,
                    found_rules& found, bool gated);
  void try_admitted(std::uint32_t index) {
    if (settings_.naive || (rules_.gates_of_rules().admits(index, traffic_) &&
                            passes(rules_.gates_of_rules().probe_of(index), facts_)))
      try_rule(index);
  }
  /// A rule has set the first state of the flow: those that ask for one come in behind it.
  void let_in_asking(std::size_t behind);

  void find_group(const subject& on);
  void try_headers(const subject& on);
  void inspect_packet(subject& on);
  void gather_packet_rules(subject& on);
  void inspect_stream(subject& on);
  void inspect_frames(subject& on);
  bool inspect_frame(proto::frame& one, subject& on);
  bool inspect_window(subject& on);
  bool packet_rule_matches(const signature& s, subject& on);
  bool sections_match(const signature& s, subject& on, const buffer::window& payload);
  bool conditions_hold(const signature& s, const subject& on) const noexcept;
  /// Header, flow and protocol are known to hold from the rule's gate.
  bool is_settled(const signature& s) const noexcept {
    return !settings_.naive && rules_.gates_of_rules()[s.index].is_whole &&
           s.kind != rule_kind::decoder_event;
  }
  bool passes_on(subject& on) const noexcept { return on.record != nullptr && on.record->passed; }

  /// Notes a match, applies what the rule sets. False when inspection of this subject ends here
  /// (pass).
  bool take(match found, subject& on);
  void apply_effects(const match& found, subject& on);
  bool count_tagged(subject& on);
  bool may_alert(const signature& s, const subject& on);
  void finish(subject& on);

  static constexpr unsigned limit_windows = 256; ///< of one run
  static constexpr unsigned few_pairs = 3;       ///< so many are searched for one by one

  const image& rules_;
  shared_state& state_;
  inspector_settings settings_;
  pattern::scanner scanner_;
  buffer::workspace work_;
  group_cache groups_;
  traffic traffic_;                   ///< of the run at hand
  const rule_group* group_ = nullptr; ///< of the run at hand; not with the naive plan
  bool no_address_rules_ = false;
  probe_facts facts_;                         ///< of the unit at hand
  pair_set pairs_;                            ///< of the unit at hand, once it was needed
  std::vector<const candidate_list*> asking_; ///< left out while the flow has no flowbit
  file_magic magic_;
  std::vector<std::uint32_t> candidates_;
  std::vector<std::uint32_t> stamps_; ///< per rule: the unit it was last a candidate of
  std::uint32_t stamp_ = 0;
  std::vector<match> matches_;
  named_texts packet_variables_;
  bool tagged_ = false;
  std::function<void()> wait_for_turn_;
  const payload_hits* ahead_ = nullptr;
  bool silenced_ = false; ///< a pass rule matched on this packet
  inspector_counters counters_;
};

} // namespace cresset::detect::inspect
