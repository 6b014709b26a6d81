#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/counter.hpp"
#include "detect/pattern/database.hpp"
#include "detect/pattern/scratch.hpp"

#include <cstdint>
#include <type_traits>

namespace cresset::detect::pattern {

enum class scan_status : std::uint8_t {
  complete, ///< every match was reported
  stopped,  ///< the receiver asked to stop
  failed,   ///< the library gave up: what was reported may be incomplete, look at the bytes some
            ///< other way
};

/// Scans blocks of bytes; one a thread. Counts what failed: a failure means matches may be missing,
/// so a caller falls back to a plain search and raises an alarm.
class scanner {
public:
  /// Longest block of one scan, in bytes; more is `failed`.
  static constexpr std::size_t block_limit_bytes = 0x7fff'ffff;

  /// Makes room for a database; must be called before it is scanned with. See scratch::fit.
  bool fit(const database& with) { return scratch_.fit(with); }

  /// Calls `on_match(id, end)` for each match: `end` is the offset behind its last byte. Matches
  /// come in order of their ends. `on_match` returns void, or bool: false stops the scan. It must
  /// not scan with this scanner. Never allocates.
  template <typename F>
  scan_status scan(const database& with, byte_view bytes, F&& on_match) noexcept {
    using receiver = std::remove_reference_t<F>;
    return run(with, bytes, &relay<receiver>,
               const_cast<std::remove_const_t<receiver>*>(&on_match));
  }

  std::uint64_t scans() const noexcept { return scans_.value(); }
  std::uint64_t failures() const noexcept { return failures_.value(); }
  /// What the library answered at the last failure; 0 when there was none.
  int last_failure() const noexcept { return last_failure_; }

private:
  using relay_function = int (*)(unsigned, unsigned long long, unsigned long long, unsigned, void*);

  template <typename Receiver>
  static int relay(unsigned id, unsigned long long, unsigned long long end, unsigned,
                   void* context) {
    auto& receive = *static_cast<Receiver*>(context);
    if constexpr (std::is_void_v<decltype(receive(std::uint32_t{}, std::size_t{}))>) {
      receive(std::uint32_t{id}, static_cast<std::size_t>(end));
      return 0;
    } else {
      return receive(std::uint32_t{id}, static_cast<std::size_t>(end)) ? 0 : 1;
    }
  }

  scan_status run(const database& with, byte_view bytes, relay_function relay,
                  void* context) noexcept;

  scratch scratch_;
  counter scans_;
  counter failures_;
  int last_failure_ = 0;
};

} // namespace cresset::detect::pattern
