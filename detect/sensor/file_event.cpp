#include "detect/sensor/file_event.hpp"

#include "detect/inspect/file_condition.hpp"
#include "detect/proto/digest.hpp"
#include "detect/proto/file_meter.hpp"

namespace cresset::detect::sensor {

using algorithm = rule::options::hash_list::algorithm;

std::string_view state_of(const proto::file_view& file, bool is_over) noexcept {
  if (file.truncated || (is_over && !file.content.complete))
    return "TRUNCATED";
  return file.content.complete ? "CLOSED" : "UNKNOWN";
}

void file_events::settle(const proto::file_view& file, const inspect::transaction_record& of,
                         const inspect::flow_record& flow, inspect::file_record& known) {
  const bool wanted = known.wants_storage || of.stores_files ||
                      flow.stores_files[proto::index(known.way)] ||
                      (store_ != nullptr && store_->stores_all());
  if (store_ == nullptr || !wanted || known.is_stored || file.content.total == 0)
    return;
  auto* meter = file.content.meter;
  if (meter != nullptr)
    meter->finish();
  if (meter != nullptr && meter->spool() != nullptr) {
    known.is_stored = meter->spool()->keep(meter->sha256());
    return;
  }
  const bool is_here = file.content.offset == 0 && file.content.total == file.content.bytes.size();
  if (is_here)
    known.is_stored =
        store_->store(file.content.bytes, meter != nullptr && !meter->sha256().empty()
                                              ? meter->sha256()
                                              : proto::sha256_hex(as_text(file.content.bytes)));
}

void file_events::write(json_writer& json, const proto::file_view& file, std::uint64_t transaction,
                        const inspect::file_record* known, bool is_over) {
  json.member("filename", file.name);
  if (known != nullptr && !known->sids.empty()) {
    json.key("sid").begin_array();
    for (const auto sid : known->sids)
      json.number(std::uint64_t{sid});
    json.end_array();
  }
  const bool begins = file.content.offset == 0 && !file.content.bytes.empty();
  if (known != nullptr && !known->magic.empty())
    json.member("magic", known->magic);
  else if (wanted_.magic && begins)
    json.member("magic", magic_.of(file.content.bytes));
  json.member("gaps", file.content.has_gap);
  json.member("state", state_of(file, is_over));
  const auto digest = [&](const char* name, bool wanted, algorithm with) {
    if (!wanted)
      return;
    if (const auto text = inspect::digest_of(file.content, with); !text.empty())
      json.member(name, text);
  };
  const bool is_stored = known != nullptr && known->is_stored;
  digest("md5", wanted_.md5, algorithm::md5);
  digest("sha1", wanted_.sha1, algorithm::sha1);
  digest("sha256", wanted_.sha256 || is_stored, algorithm::sha256);
  json.member("stored", is_stored);
  if (!is_stored && store_ != nullptr && known != nullptr && known->wants_storage)
    json.member("storing", true);
  json.member("size", file.content.total);
  if (file.start)
    json.member("start", *file.start);
  if (file.end)
    json.member("end", *file.end);
  json.member("tx_id", transaction);
}

} // namespace cresset::detect::sensor
