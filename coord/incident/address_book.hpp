#pragma once

#include "capture/base/ip_address.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace cresset::coord::incident {

/// Which way an alert's traffic crossed the border of our segment; `unknown` while no address is
/// known to be ours, and for alerts without addresses.
enum class traffic : std::uint8_t {
  unknown = 0,
  inbound = 1,  ///< from outside to us
  outbound = 2, ///< from us to outside
  domestic = 3, ///< both ends are ours
  transit = 4,  ///< neither end is
};

/// How much depends on a place, from the registry: 0 when it does not say, else 1 (little) to 5
/// (vital for the country).
inline constexpr int criticality_limit = 5;

/// What the registry of our segment says of one address. The views live as long as the book.
struct address_place {
  bool is_ours = false;
  /// Key of the owner in the registry ("kaztelecom"); empty when it has none.
  std::string_view owner;
  std::string_view sector;
  /// ISO 3166 two letters as registries write them ("KZ", "EU"); empty when nobody said.
  std::string_view country;
  int criticality = 0;
};

/// Whose an address is: immutable, made anew when the registry changes. Any thread.
class address_book {
public:
  virtual ~address_book() = default;
  virtual address_place find(const ip_address& address) const noexcept = 0;
  /// False while it names no address of ours: then nothing can be told of directions.
  virtual bool has_segment() const noexcept = 0;
};

/// The book in force. Any thread; a reader keeps the book it took as long as it needs it.
class address_books {
public:
  std::shared_ptr<const address_book> current() const {
    const std::lock_guard lock{mutex_};
    return book_;
  }
  void replace(std::shared_ptr<const address_book> newer) {
    const std::lock_guard lock{mutex_};
    book_.swap(newer);
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<const address_book> book_;
};

/// What a group keeps of its victim's and attacker's place, as it was when its last alert was
/// taken: input for severity × criticality, for statistics by sector and for telling the owner.
struct group_place {
  std::string owner;
  std::string sector;
  int criticality = 0;
  std::string victim_country;
  /// Empty as well when the group's attackers come from several countries.
  std::string attacker_country;

  friend bool operator==(const group_place&, const group_place&) = default;
};

/// "unknown", "inbound", "outbound", "domestic", "transit".
std::string_view to_string(traffic way) noexcept;

} // namespace cresset::coord::incident
