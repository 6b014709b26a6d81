// The search: tests are taken in the rule's order, each from the position the one before left. A
// content that can stand in several places is a choice; when a later test fails that depends on the
// place, the next place is tried. It is a depth-first search whose depth is the number of tests of
// the rule (bounded by the rule reader) and whose breadth is bounded by `place_limit`.
#include "detect/inspect/buffer/chain.hpp"

#include "detect/inspect/buffer/asn1.hpp"
#include "detect/inspect/buffer/base64.hpp"
#include "detect/inspect/buffer/number.hpp"

#include <algorithm>
#include <cmath>

namespace cresset::detect::inspect::buffer {
namespace {

using namespace rule::payload;

/// One try of one chain on one window.
class search {
public:
  search(const chain& tests, const window& on, workspace& work) noexcept
      : steps_{tests.steps}, on_{on}, size_{static_cast<std::int64_t>(on.bytes.size())},
        work_{work} {}

  bool from(std::size_t index, std::int64_t position) noexcept {
    if (index == steps_.size())
      return on_.judged_bytes == 0 || furthest_ > static_cast<std::int64_t>(on_.judged_bytes);
    const step& now = steps_[index];
    return std::visit([&](const auto& test) { return take(test, now, index, position); },
                      *now.test);
  }

private:
  std::int64_t value_of(const operand& o) const noexcept {
    return o.is_variable()
               ? static_cast<std::int64_t>(work_.variables[static_cast<std::size_t>(o.slot)])
               : o.number;
  }
  /// Where it is looked for does not depend on what matched before.
  static bool stands_anywhere(const content& c) noexcept {
    return !c.is_relative() && !(c.offset && c.offset->is_variable()) &&
           !(c.depth && c.depth->is_variable());
  }
  /// The content of this step stands nowhere from that place to the end.
  void note_missed(std::size_t index, std::int64_t from) noexcept {
    missed_index_ = index;
    missed_from_ = from;
  }
  bool another_place(const step& now) const noexcept {
    return on_.judged_bytes != 0 || (now.place_matters && !is_refuted_);
  }
  bool may_try() noexcept {
    if (work_.places_left == 0)
      return false;
    --work_.places_left;
    return true;
  }
  /// Goes on behind a positive match that ends at `end`.
  bool go_on(std::size_t index, std::int64_t end) noexcept {
    const auto before = furthest_;
    furthest_ = std::max(furthest_, end);
    if (from(index + 1, end))
      return true;
    furthest_ = before;
    return false;
  }

  /// Where a content may stand: [first, second). Empty when the window cannot answer.
  std::optional<std::pair<std::int64_t, std::int64_t>>
  range_of(const content& c, std::int64_t position) const noexcept {
    std::int64_t begin = 0, end = size_;
    if (c.is_relative()) {
      begin = position + (c.distance ? value_of(*c.distance) : 0);
      if (c.within)
        end = begin + value_of(*c.within);
    } else if (c.offset || c.depth) {
      if (!on_.from_start)
        return std::nullopt;
      begin = c.offset ? value_of(*c.offset) : 0;
      if (c.depth)
        end = begin + value_of(*c.depth);
    }
    begin = std::max<std::int64_t>(begin, 0);
    end = std::clamp<std::int64_t>(end, 0, size_);
    if (c.ends_with) {
      if (end < size_)
        return std::nullopt;
      begin = std::max(begin, size_ - static_cast<std::int64_t>(c.pattern.size()));
    }
    return std::pair{begin, end};
  }

  bool take(const content& c, const step& now, std::size_t index, std::int64_t position) noexcept {
    const auto range = range_of(c, position);
    if (!range)
      return c.negated && from(index + 1, position);
    auto begin = range->first;
    const auto find = [&] {
      return begin > size_ ? std::nullopt
                           : now.needle.find(on_.bytes, static_cast<std::size_t>(begin),
                                             static_cast<std::size_t>(range->second));
    };
    if (c.negated)
      return !(is_refuted_ = find().has_value()) && from(index + 1, position);
    const bool runs_to_end = c.is_relative() && !c.within;
    if (runs_to_end && index == missed_index_ && range->first >= missed_from_)
      return false; // it was not found behind an earlier place
    if (!now.place_matters)
      return take_any_place(c, now, index, *range);
    for (bool is_first = true; may_try(); is_first = false) {
      const auto at = find();
      if (!at) {
        is_hopeless_ = is_hopeless_ || (is_first && stands_anywhere(c));
        if (is_first && runs_to_end)
          note_missed(index, range->first);
        return false;
      }
      if (go_on(index, static_cast<std::int64_t>(*at + c.pattern.size())))
        return true;
      if (is_hopeless_ || !another_place(now))
        return false;
      begin = static_cast<std::int64_t>(*at) + 1;
    }
    return false;
  }

  /// Nothing behind depends on the place, so one is enough: the first that ends behind the judged
  /// bytes, else any.
  bool take_any_place(const content& c, const step& now, std::size_t index,
                      std::pair<std::int64_t, std::int64_t> range) noexcept {
    const auto length = static_cast<std::int64_t>(c.pattern.size());
    const auto find = [&](std::int64_t begin) {
      return begin > size_ ? std::nullopt
                           : now.needle.find(on_.bytes, static_cast<std::size_t>(begin),
                                             static_cast<std::size_t>(range.second));
    };
    const auto judged = static_cast<std::int64_t>(on_.judged_bytes);
    auto at = judged == 0 ? std::nullopt : find(std::max(range.first, judged - length + 1));
    if (!at)
      at = find(range.first);
    is_hopeless_ = is_hopeless_ || (!at && stands_anywhere(c));
    if (!at && c.is_relative() && !c.within)
      note_missed(index, range.first);
    return at && go_on(index, static_cast<std::int64_t>(*at) + length);
  }

  bool take(const pcre& p, const step& now, std::size_t index, std::int64_t position) noexcept {
    const auto origin = p.relative ? std::clamp<std::int64_t>(position, 0, size_) : 0;
    const auto subject = on_.bytes.subspan(static_cast<std::size_t>(origin));
    std::size_t start = 0;
    if (p.negated) {
      const bool found = work_.regex.match(*now.regex, subject).has_value();
      is_hopeless_ = is_hopeless_ || (found && !p.relative);
      return !found && from(index + 1, position);
    }
    while (start <= subject.size() && may_try()) {
      const auto found = work_.regex.match(*now.regex, subject, start);
      if (!found) {
        is_hopeless_ = is_hopeless_ || (start == 0 && !p.relative);
        return false;
      }
      const auto kept = keep_captures(now, subject);
      if (go_on(index, origin + static_cast<std::int64_t>(found->end)))
        return true;
      if (work_.gathers != nullptr)
        work_.gathers->values.resize(kept);
      if (!another_place(now) || is_hopeless_)
        return false;
      start = found->begin + 1;
    }
    return false;
  }

  /// Keeps what the groups of the last match hold; answers how many values there were before.
  std::size_t keep_captures(const step& now, byte_view subject) {
    if (work_.gathers == nullptr)
      return 0;
    auto& values = work_.gathers->values;
    const auto before = values.size();
    for (const auto& c : now.captures)
      if (const auto group = work_.regex.group(c.group); group && group->end > group->begin) {
        const auto size = std::min(group->end - group->begin, harvest::limit_bytes);
        values.push_back(
            {c.where, c.name, std::string{as_text(subject.subspan(group->begin, size))}, false});
      }
    return before;
  }

  bool take(const dataset& t, const step& now, std::size_t index, std::int64_t position) {
    auto element = now.set->element_of(on_.bytes);
    if (!element)
      return false;
    if (now.set->is_changed_by_rules() && work_.turn != nullptr && *work_.turn)
      (*work_.turn)();
    // what a matching rule adds is not there yet, and what it removes is
    const bool wanted = t.what == dataset::action::isset || t.what == dataset::action::unset;
    if (now.set->contains(*element) != wanted || !from(index + 1, position))
      return false;
    if (work_.gathers == nullptr)
      return true;
    auto context = t.context_key.empty() ? std::string{} : now.set->context_of(*element);
    if (!context.empty())
      work_.gathers->values.push_back(
          {pcre::scope::alert, t.context_key, std::move(context), true});
    if (t.what == dataset::action::set || t.what == dataset::action::unset)
      work_.gathers->changes.push_back(
          {now.set, *std::move(element), t.what == dataset::action::set});
    return true;
  }

  bool take(const datarep& t, const step& now, std::size_t index, std::int64_t position) {
    const auto element = now.set->element_of(on_.bytes);
    const auto has = element ? now.set->reputation_of(*element) : std::nullopt;
    if (!has)
      return false;
    const bool holds = t.how == datarep::test::less    ? *has < t.value
                       : t.how == datarep::test::equal ? *has == t.value
                                                       : *has > t.value;
    return holds && from(index + 1, position);
  }

  bool take(const isdataat& t, const step&, std::size_t index, std::int64_t position) noexcept {
    const auto length = value_of(t.length);
    const bool there = t.relative ? position + length <= size_ : length < size_;
    return there != t.negated && from(index + 1, position);
  }

  bool take(const bsize& t, const step&, std::size_t index, std::int64_t position) noexcept {
    return t.size(on_.bytes.size()) && from(index + 1, position);
  }

  /// The number that a byte keyword points at, and where it begins.
  template <typename Option>
  std::optional<std::pair<std::int64_t, taken_number>>
  number_at(const Option& t, std::int64_t position) const noexcept {
    const auto at = (t.relative ? position : 0) + value_of(t.offset);
    auto length = value_of(t.bytes);
    if (at < 0 || at > size_ || length < 0)
      return std::nullopt;
    if (length == 0 && t.text != number_text::binary)
      length = std::min<std::int64_t>(23, size_ - at);
    if (length > size_ - at)
      return std::nullopt;
    if (length == 0)
      return std::pair{at, taken_number{}}; // byte_jump:0 moves by its post_offset alone
    const auto bytes =
        on_.bytes.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(length));
    const auto taken =
        t.text == number_text::binary
            ? read_binary(bytes, t.order == byte_order::dce ? on_.dce_order : t.order)
            : read_text(bytes, t.text);
    if (!taken)
      return std::nullopt;
    return std::pair{at, *taken};
  }

  bool take(const byte_test& t, const step&, std::size_t index, std::int64_t position) noexcept {
    const auto found = number_at(t, position);
    if (!found)
      return false;
    const auto value = masked(found->second.value, t.mask);
    const auto wanted = static_cast<std::uint64_t>(value_of(t.value));
    bool holds = false;
    switch (t.how) {
    case byte_test::test::less: holds = value < wanted; break;
    case byte_test::test::less_or_equal: holds = value <= wanted; break;
    case byte_test::test::equal: holds = value == wanted; break;
    case byte_test::test::greater: holds = value > wanted; break;
    case byte_test::test::greater_or_equal: holds = value >= wanted; break;
    case byte_test::test::bits_set: holds = (value & wanted) != 0; break;
    case byte_test::test::bits_differ: holds = (value ^ wanted) != 0; break;
    }
    return holds != t.negated && from(index + 1, position);
  }

  bool take(const byte_jump& t, const step&, std::size_t index, std::int64_t position) noexcept {
    const auto found = number_at(t, position);
    if (!found)
      return false;
    constexpr std::uint64_t far = std::uint64_t{1} << 32;
    auto value = masked(found->second.value, t.mask);
    if (value > far)
      return false; // no window is that large, and the sum below cannot overflow
    value *= t.multiplier;
    if (t.align && value % 4 != 0)
      value += 4 - value % 4;
    std::int64_t origin = 0;
    switch (t.from) {
    case byte_jump::origin::after_number:
      origin = found->first + static_cast<std::int64_t>(found->second.size_bytes);
      break;
    case byte_jump::origin::beginning: break;
    case byte_jump::origin::end: origin = size_; break;
    }
    // a jump before the begin ends at the begin (conformance: bug-4623, detect-bytejump-05)
    const auto to = std::max<std::int64_t>(0, origin + static_cast<std::int64_t>(value) +
                                                  value_of(t.post_offset));
    return to <= size_ && from(index + 1, to);
  }

  /// What follows is relative to the end of the number that was read (ET 2018560:
  /// `byte_extract:3,0,…` and then `byte_jump:3,5,relative` for a field 8 bytes behind the match).
  static std::int64_t behind(const auto& found) noexcept {
    return found.first + static_cast<std::int64_t>(found.second.size_bytes);
  }

  bool take(const byte_extract& t, const step&, std::size_t index, std::int64_t position) noexcept {
    const auto found = number_at(t, position);
    if (!found)
      return false;
    auto value = masked(found->second.value, t.mask) * t.multiplier;
    if (t.align != 0 && value % t.align != 0)
      value += t.align - value % t.align;
    work_.variables[static_cast<std::size_t>(t.result)] = value;
    return from(index + 1, behind(*found));
  }

  bool take(const byte_math& t, const step&, std::size_t index, std::int64_t position) noexcept {
    const auto found = number_at(t, position);
    if (!found)
      return false;
    const auto right = static_cast<std::uint64_t>(value_of(t.right));
    auto value = found->second.value;
    switch (t.how) {
    case byte_math::operation::add: value += right; break;
    case byte_math::operation::subtract: value -= right; break;
    case byte_math::operation::multiply: value *= right; break;
    case byte_math::operation::divide:
      if (right == 0)
        return false;
      value /= right;
      break;
    case byte_math::operation::shift_left: value = right < 64 ? value << right : 0; break;
    case byte_math::operation::shift_right: value = right < 64 ? value >> right : 0; break;
    }
    work_.variables[static_cast<std::size_t>(t.result)] = masked(value, t.mask);
    return from(index + 1, behind(*found));
  }

  bool take(const base64_decode& t, const step&, std::size_t index,
            std::int64_t position) noexcept {
    const auto at = (t.relative ? position : 0) + static_cast<std::int64_t>(t.offset);
    if (at < 0 || at >= size_)
      return false;
    auto encoded = on_.bytes.subspan(static_cast<std::size_t>(at));
    if (t.bytes != 0 && encoded.size() > t.bytes)
      encoded = encoded.first(t.bytes);
    return decode_base64(encoded, work_.decoded) && from(index + 1, position);
  }

  /// The buffer is there, or nobody would ask.
  bool take(const absent& t, const step&, std::size_t index, std::int64_t position) noexcept {
    return t.or_else && from(index + 1, position);
  }

  bool take(const entropy& t, const step&, std::size_t index, std::int64_t position) noexcept {
    if (t.offset < 0 || t.offset > size_)
      return false;
    auto bytes = on_.bytes.subspan(static_cast<std::size_t>(t.offset));
    if (t.bytes != 0 && bytes.size() > t.bytes)
      bytes = bytes.first(t.bytes);
    const auto bits = bits_per_byte(bytes);
    if (!t(bits) || !from(index + 1, position))
      return false;
    if (work_.gathers != nullptr)
      work_.gathers->entropy = bits;
    return true;
  }

  /// ONC RPC (RFC 5531 section 9): a call of version 2; over TCP behind the four bytes that mark
  /// the record (section 11).
  bool take(const rule::options::rpc& t, const step&, std::size_t index,
            std::int64_t position) noexcept {
    const std::size_t begin = work_.is_tcp ? 4 : 0;
    if (on_.bytes.size() < begin + 24)
      return false;
    const auto word = [&](std::size_t n) {
      return load_be32(on_.bytes.subspan(begin + 4 * n).first<4>());
    };
    return word(1) == 0 && word(2) == 2 && word(3) == t.program &&
           (!t.version || word(4) == *t.version) && (!t.procedure || word(5) == *t.procedure) &&
           from(index + 1, position);
  }

  bool take(const rule::options::asn1& t, const step&, std::size_t index,
            std::int64_t position) noexcept {
    const auto at = t.relative_offset ? position + *t.relative_offset
                                      : std::int64_t{t.absolute_offset.value_or(0)};
    return at >= 0 && at <= size_ &&
           is_odd_asn1(on_.bytes.subspan(static_cast<std::size_t>(at)), t) &&
           from(index + 1, position);
  }

  static double bits_per_byte(byte_view bytes) noexcept {
    std::array<std::uint32_t, 256> counts{};
    for (const auto b : bytes)
      ++counts[std::to_integer<std::size_t>(b)];
    double sum = 0;
    for (const auto count : counts)
      if (count != 0) {
        const double share = static_cast<double>(count) / static_cast<double>(bytes.size());
        sum -= share * std::log2(share);
      }
    return sum;
  }

  const std::vector<step>& steps_;
  const window& on_;
  const std::int64_t size_;
  workspace& work_;
  /// A test that is the same at every place has failed: no other place of an earlier one can help.
  bool is_hopeless_ = false;
  /// The last step whose content was not found, and from where on.
  std::size_t missed_index_ = ~std::size_t{0};
  std::int64_t missed_from_ = 0;
  std::int64_t furthest_ = 0; ///< end of the match that reaches furthest
  /// A content that must not be there was found: no other place is tried
  /// (docs/inspection-model.md section 5).
  bool is_refuted_ = false;
};

} // namespace

bool matches(const chain& tests, const window& on, workspace& work) noexcept {
  work.places_left = workspace::place_limit;
  const bool found = search{tests, on, work}.from(0, 0);
  if (!found && work.places_left == 0)
    ++work.places_exhausted;
  return found;
}

} // namespace cresset::detect::inspect::buffer
