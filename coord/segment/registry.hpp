#pragma once

#include "coord/incident/address_book.hpp"
#include "coord/segment/prefix_table.hpp"

#include <deque>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace cresset::coord::segment {

/// Whose every address is, on one day: made from all live records, then immutable. Any thread.
///
/// Of the prefixes around an address the heaviest layer counts, within it the longest prefix, and
/// what that one leaves open (owner, country, …) is taken from the next around it. Whether an
/// address is ours is said by the heaviest, longest one. Sector and criticality of a prefix are its
/// owner's unless it names its own.
class registry final : public incident::address_book {
public:
  /// Records that do not hold on that day are left out.
  registry(std::span<const record> records, day today);

  incident::address_place find(const ip_address& address) const noexcept override;
  bool has_segment() const noexcept override { return has_segment_; }

  const prefix_table& table() const noexcept { return table_; }
  /// Distinct places that prefixes lead to.
  std::size_t places() const noexcept { return places_.size() - 1; }

private:
  struct place {
    bool is_ours = false;
    std::string owner;
    std::string sector;
    std::string country;
    int criticality = 0;
    friend auto operator<=>(const place&, const place&) = default;
  };
  struct piece {
    network where;
    const record* what = nullptr;
  };

  std::vector<piece> pieces_of(std::span<const record> records, day today) const;
  void paint(const std::vector<piece>& pieces, std::vector<prefix_table::step>& steps);
  std::uint32_t number_of(const std::vector<const piece*>& around);

  std::map<std::string, const record*, std::less<>> owners_; // while it is made
  std::map<place, std::uint32_t> numbers_;                   // while it is made
  std::deque<place> places_;
  bool has_segment_ = false;
  prefix_table table_;
};

} // namespace cresset::coord::segment
