#pragma once

#include "capture/base/counter.hpp"
#include "detect/inspect/flow_record.hpp"
#include "detect/inspect/image.hpp"
#include "detect/inspect/match.hpp"
#include "detect/inspect/shared_state.hpp"
#include "detect/inspect/subject.hpp"

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

/// The rules' side of one worker: tries them on what a packet made available
/// (docs/inspection-model.md). One thread.
class inspector {
public:
  /// All must outlive the inspector.
  inspector(const image& rules, shared_state& state, const inspector_settings& settings);

  /// Inspects one direction once. The matches, in the order of their alerts, are valid until the
  /// next run.
  std::span<const match> run(subject& on);

  /// The packet of the last run belongs to what a rule with `tag` wants told, and made no alert.
  bool packet_is_tagged() const noexcept { return tagged_ && matches_.empty(); }

  const inspector_counters& counters() const noexcept { return counters_; }
  std::uint64_t chains_given_up() const noexcept { return work_.places_exhausted; }

private:
  friend class transaction_inspector;

  // Candidates of the unit at hand, each once.
  void begin_candidates() noexcept;
  void try_rule(std::uint32_t index);
  void try_rules(std::span<const std::uint32_t> indices);
  /// Those whose literal stands in `bytes`, and those without one.
  void try_unit(const unit_rules& rules, byte_view bytes);

  void try_headers(const header_rules& rules, const subject& on);
  void inspect_packet(subject& on);
  void gather_packet_rules(subject& on);
  void inspect_stream(subject& on);
  void inspect_frames(subject& on);
  bool inspect_frame(proto::frame& one, subject& on);
  bool inspect_window(subject& on);
  bool packet_rule_matches(const signature& s, subject& on);
  bool sections_match(const signature& s, subject& on, const buffer::window& payload);
  bool conditions_hold(const signature& s, const subject& on) const noexcept;
  bool passes_on(subject& on) const noexcept { return on.record != nullptr && on.record->passed; }

  /// Notes a match, applies what the rule sets. False when inspection of this subject ends here
  /// (pass).
  bool take(match found, subject& on);
  void apply_effects(const match& found, subject& on);
  bool count_tagged(subject& on);
  bool may_alert(const signature& s, const subject& on);
  void finish(subject& on);

  static constexpr unsigned limit_windows = 256; ///< of one run

  const image& rules_;
  shared_state& state_;
  inspector_settings settings_;
  pattern::scanner scanner_;
  buffer::workspace work_;
  std::vector<std::uint32_t> candidates_;
  std::vector<std::uint32_t> stamps_; ///< per rule: the unit it was last a candidate of
  std::uint32_t stamp_ = 0;
  std::vector<match> matches_;
  named_texts packet_variables_;
  bool tagged_ = false;
  bool silenced_ = false; ///< a pass rule matched on this packet
  inspector_counters counters_;
};

} // namespace cresset::detect::inspect
