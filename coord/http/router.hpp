#pragma once

#include "coord/http/request.hpp"
#include "coord/http/response.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cresset::coord::http {

/// Answers one request. Called from several threads at once. It may block (a query); it must not
/// throw for anything a client can send.
using handler = std::function<response(const request&)>;

struct route {
  /// "PATCH /api/v1/users/{id}": how a policy names it.
  std::string act() const { return std::string{to_string(method)} + " " + pattern; }

  http::method method = method::get;
  /// "/api/v1/groups/{id}": parts in braces take one part of the path each.
  std::string pattern;
  right needs = right::administrator;
  handler handle;
  /// The body is an HTML form (application/x-www-form-urlencoded) instead of JSON.
  bool takes_form = false;
  /// A second person has to approve each call: `router::hold`.
  bool is_held = false;
};

/// Finds the route of a request, checks that the caller may use it, and calls its handler.
///
/// The checks, in this order: path (404), method (405 with Allow), who (401), rights (403:
/// `right_set::may`), and for
/// every method but GET and HEAD: an Origin header must name the host it was sent to (403), the
/// CSRF token of the session must be there (403, not for `anyone`), and a body must be
/// `application/json`, or a form where the route takes one (415). A handler that throws is our
/// mistake: it is logged, counted in `failures()` and answered with 500.
class router {
public:
  /// Start-up only, before the first `handle`. Throws std::invalid_argument for a pattern that is
  /// malformed or there already: our own mistake, found at start.
  void add(http::method method, std::string pattern, right needs, handler handle);

  /// A POST for anyone whose body is an HTML form: for pages that work without JavaScript. Start-up
  /// only, likewise.
  void add_form(std::string pattern, handler handle);
  using keeper = std::function<response(const request&, const route&)>;
  /// From now on calls of the route with this act are not carried out but given to `keep`, which
  /// answers them. Start-up only. Throws std::invalid_argument for an act that no route has, that
  /// changes nothing, or that everybody may call: to ask a second person there means nothing.
  void hold(std::string_view act, keeper keep);
  /// Told of each call by somebody who is signed in and lacks the right. Start-up only.
  void on_forbidden(std::function<void(const request&, const route&)> listener);

  /// Thread safe. HEAD is answered by the route for GET.
  response handle(request& r) const;
  /// Calls the route of a held call now that `r.approved_by` says who approved it; `r.who` is whoever
  /// made it, and needs the right still. Nothing else is checked: it was when the call was made.
  response carry_out(request& r) const;
  /// Nothing when no route has the act.
  const route* of_act(std::string_view act) const noexcept;

  const std::vector<route>& routes() const noexcept { return routes_; }
  /// How many handlers threw since the start.
  std::uint64_t failures() const noexcept;

private:
  struct pattern_part {
    std::string text;
    bool is_parameter = false;
  };

  bool fits(std::size_t index, request& r) const;
  const route* find(request& r, std::string& allowed) const;
  response call(const route& found, const request& r) const;

  std::vector<route> routes_;
  keeper keep_;
  std::function<void(const request&, const route&)> forbidden_;
  std::vector<std::vector<pattern_part>> parts_; // of the route at the same index
  std::unique_ptr<std::atomic<std::uint64_t>> failures_ =
      std::make_unique<std::atomic<std::uint64_t>>(0);
};

} // namespace cresset::coord::http
