#pragma once

#include "detect/inspect/inspector.hpp"

namespace cresset::detect::inspect {

/// The transactions' part of one run (docs/inspection-model.md section 4): made for it, gone behind
/// it.
class transaction_inspector {
public:
  /// Precondition: the subject has a flow with a parser, and a record.
  transaction_inspector(inspector& with, subject& on) noexcept;

  void run();

private:
  /// False when a pass rule ends the run.
  bool inspect(const proto::transaction& tx, transaction_record& record);
  void consider(const signature& s, const proto::transaction& tx, transaction_record& record);
  void take_in(const signature& s, const proto::transaction& tx, transaction_record& record);
  bool judge_waiting(const proto::transaction& tx, transaction_record& record,
                     std::vector<transaction_record::waiting_rule>& waiting);
  void gather(const proto::transaction& tx, transaction_record& record,
              const transaction_rules& rules);
  void gather_by_events(const proto::transaction& tx, transaction_record& record,
                        const event_rules& rules);
  void gather_from(const proto::transaction& tx, const buffer_rules& buffer);
  void try_bytes(const buffer_rules& buffer, byte_view bytes);
  void gather_from_files(const proto::transaction& tx, transaction_record& record,
                         const buffer_rules& buffer, std::size_t place);
  void gather_growing(const proto::body_view& body, bool is_final,
                      transaction_record::gathered& known, const buffer_rules& buffer);
  transaction_record::gathered& seen_of(transaction_record& record, std::size_t place,
                                        std::size_t file) const;
  /// The lead matches and the conditions hold: the rule goes on to its other sections.
  bool accept(const signature& s, const proto::transaction& tx,
              transaction_record::waiting_rule& waiting);
  enum class verdict { matched, waits, failed };
  verdict judge(const signature& s, const proto::transaction& tx,
                transaction_record::waiting_rule& waiting);
  verdict judge_section(const signature& s, std::size_t index, const proto::transaction& tx);
  verdict judge_conditions(const signature& s, const proto::transaction& tx);
  bool has_alerted(const signature& s, const transaction_record& record) const noexcept;
  bool report(const signature& s, const proto::transaction& tx, transaction_record& record);
  bool report_files(const signature& s, const proto::transaction& tx, transaction_record& record);
  bool payload_matches(const section& one);
  bool place_matches(const section& one, const table_place& at, const proto::transaction& tx);
  bool file_matches(const signature& s, const proto::transaction& tx, std::uint32_t place);
  bool part_matches(const section& one, const proto::transaction& tx, proto::direction way,
                    std::uint32_t place);
  /// The kind of a file, by its begin; empty while too little has come.
  const std::string& magic_of(const proto::file_view& file, proto::direction way,
                              std::uint32_t place);
  void store(const signature& s, transaction_record& record, std::uint32_t place);
  bool chain_matches(const section& one, const proto::transaction& tx, byte_view bytes);

  static constexpr std::size_t both_ways = 2; ///< the third list of a record

  inspector& with_;
  subject& on_;
  proto::app_protocol protocol_ = proto::app_protocol::unknown;
  std::size_t way_;
  traffic traffic_;
  transaction_record* record_ = nullptr; ///< of the transaction at hand
};

} // namespace cresset::detect::inspect
