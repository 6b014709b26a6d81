#pragma once

#include "capture/base/expected.hpp"
#include "detect/inspect/lists/library.hpp"
#include "detect/proto/app_protocol.hpp"
#include "detect/proto/transaction.hpp"
#include "detect/rule/rule.hpp"

#include <bitset>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::inspect {

struct subject;
struct packet_field;
class file_hashes;

using protocol_set = std::bitset<proto::app_protocol_count>;

/// What of a file a buffer shows.
enum class file_part : std::uint8_t { none, data, name, magic };

/// Where a buffer or number stands in one protocol's table.
struct table_place {
  proto::app_protocol protocol{};
  proto::direction way{};
  std::uint8_t id = 0; ///< buffer_id or field_id
  proto::progress available_at = 0;
  bool several = false;
  bool gathered = false;
  file_part part = file_part::none; ///< none: no buffer of files
};

/// Every place of the buffer `name` in the tables of `protocols` (all parsed protocols when none is
/// set), in one direction or both.
std::vector<table_place> buffer_places(std::string_view name, const protocol_set& protocols,
                                       std::optional<rule::options::way> only);
std::vector<table_place> field_places(std::string_view name, const protocol_set& protocols);

/// One condition of a rule, ready to be judged.
struct ready_condition {
  /// What has to be at hand for it.
  enum class layer : std::uint8_t { packet, flow, transaction, file };
  bool is_text = false; ///< judged by text_condition

  const rule::condition* source = nullptr;
  layer of = layer::packet;
  std::vector<table_place> places;           ///< of a transaction's number
  const packet_field* field = nullptr;       ///< of a packet's or flow's number
  const lists::reputation* scores = nullptr; ///< of `iprep`; lives as long as the lists
  unsigned category = 0;
  const lists::country_database* countries = nullptr; ///< of `geoip`, as long as these
  std::shared_ptr<const file_hashes> hashes;          ///< of a list of file hashes
};

/// Makes a condition ready; it must outlive the result. Refused with a sentence when it asks for
/// what this engine cannot tell yet.
expected<ready_condition, std::string> make_condition(const rule::condition& from,
                                                      const protocol_set& protocols,
                                                      const lists::library& lists);

/// Judges a condition on packet or flow. Precondition: `of` is one of these two.
bool holds(const ready_condition& c, const subject& on) noexcept;
/// Whether the transaction has come far enough this way for the condition to be judged.
bool is_available(const ready_condition& c, const proto::transaction& tx,
                  proto::app_protocol protocol, proto::direction way) noexcept;
/// Judges a condition on a transaction, in one direction. Precondition: `of` is transaction.
bool holds(const ready_condition& c, const proto::transaction& tx, proto::app_protocol protocol,
           const subject& on) noexcept;

} // namespace cresset::detect::inspect
