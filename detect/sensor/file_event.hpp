#pragma once

#include "capture/base/json_writer.hpp"
#include "detect/inspect/file_magic.hpp"
#include "detect/inspect/flow_record.hpp"
#include "detect/proto/transaction.hpp"
#include "detect/sensor/file_store.hpp"

namespace cresset::detect::sensor {

/// What events tell of files beside name, size and state.
struct file_event_settings {
  bool md5 = false;
  bool sha1 = false;
  bool sha256 = false;
  bool magic = false;
};

/// Writes the members of a file, as in `fileinfo` and in the list `files` of an alert, and stores
/// the files that rules or the configuration want. One a worker.
class file_events {
public:
  /// `store` may be null; both outlive it.
  file_events(const file_event_settings& wanted, file_store* store) noexcept
      : wanted_{wanted}, store_{store} {}
  /// For another worker: libmagic's state is not shared.
  file_events(const file_events& other) noexcept : wanted_{other.wanted_}, store_{other.store_} {}
  file_events& operator=(const file_events&) = delete;

  /// The file is over, or its transaction is: stores it when that is wanted.
  void settle(const proto::file_view& file, const inspect::transaction_record& of,
              const inspect::flow_record& flow, inspect::file_record& known);
  /// The members, between begin and end of the object.
  void write(json_writer& json, const proto::file_view& file, std::uint64_t transaction,
             const inspect::file_record* known, bool is_over);

private:
  file_event_settings wanted_;
  file_store* store_;
  inspect::file_magic magic_;
};

/// "CLOSED", "TRUNCATED" or "UNKNOWN".
std::string_view state_of(const proto::file_view& file, bool is_over) noexcept;

} // namespace cresset::detect::sensor
