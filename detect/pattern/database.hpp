#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/expected.hpp"
#include "detect/pattern/pattern.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct hs_database;

namespace cresset::detect::pattern {

/// Why there is no database.
struct database_error {
  enum class kind : std::uint8_t {
    no_patterns,
    bad_pattern,
    compile,
    serialise,
    damaged,
    platform
  };
  kind why{};
  std::string reason;
};

struct database_options {
  /// Stop after the first match of each id.
  bool single_match = false;
  friend bool operator==(const database_options&, const database_options&) noexcept = default;
};

/// A set of literals compiled for one pass over a block of bytes. Immutable; any number of threads
/// may scan with it, each with its own scratch.
class database {
public:
  /// Longest literal, in bytes; a caller shortens what is longer.
  static constexpr std::size_t pattern_limit_bytes = 8'192;

  /// Refuses empty sets, empty and too long patterns. Start-up only: takes about 30 us a pattern.
  static expected<database, database_error> compile(std::span<const pattern> patterns,
                                                    database_options options = {});
  /// The bytes `serialise` gave, on the same kind of processor and with the same library; refused
  /// otherwise.
  static expected<database, database_error> from_bytes(byte_view bytes);
  expected<std::vector<std::byte>, database_error> serialise() const;

  std::size_t size_bytes() const noexcept;

  /// For scratch and scanner only.
  const hs_database* native() const noexcept { return handle_.get(); }

private:
  struct releaser {
    void operator()(hs_database* handle) const noexcept;
  };
  explicit database(hs_database* handle) noexcept : handle_{handle} {}
  std::unique_ptr<hs_database, releaser> handle_;
};

} // namespace cresset::detect::pattern
