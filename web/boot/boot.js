// Runs in the head of every citizens' page, before anything else, in browsers of 2018: ES5 only, under 1 KB of gzip.
// It knows nothing of its build (that is in the page), so that the Content-Security-Policy can name it by one hash. Not touched
// by the formatter: its commas are no ES5.
(function (window, document, location) {
  var build = document.documentElement.getAttribute('data-build');
  var store = 'dengji.boot';
  var waiting = [];
  var done, leaving;
  var boot = (window.dengjiBoot = {
    build: build,
    // What the shell said; the address never shows it again. It is given back when the page is loaded anew.
    entry: /^#\w+=/.test(location.hash) ? location.hash : '',
    // Calls back when the version is known or a second is over, and not at all when a newer page is on its way.
    ready: function (then) {
      if (done) then();
      else waiting.push(then);
    },
    // Calls back with the build that is served now, '' if there is no answer.
    check: function (ms, then) {
      var request = new XMLHttpRequest();
      request.open('GET', '/version.json?' + +new Date());
      request.timeout = ms;
      request.onloadend = function () {
        var found = '';
        try {
          found = JSON.parse(request.responseText).build || '';
        } catch (e) {}
        then(found);
      };
      request.send();
    },
    // Loads the page anew as this build: once for each, at most once a minute. False: it was done before.
    load: function (target) {
      var now = Math.round(+new Date() / 1000);
      var mark = 'v=' + encodeURIComponent(target) + '&r=' + now;
      var marks = location.search;
      if (leaving) return true;
      try {
        marks += '&' + sessionStorage.getItem(store);
      } catch (e) {}
      marks = marks.match(/\bv=[^&]*&r=\d+/g) || [];
      for (var i = 0; i < marks.length; i++) {
        var old = marks[i].split('&r=');
        if (old[0] === mark.split('&r=')[0] || Math.abs(now - old[1]) < 60) return false;
      }
      leaving = true;
      try {
        sessionStorage.setItem(store, mark);
      } catch (e) {}
      location.replace(
        location.pathname +
          (location.search.replace(/[?&][vr]=[^&]*/g, '') + '&' + mark).replace(/^[?&]+/, '?') +
          (boot.entry || location.hash)
      );
      return true;
    },
  });
  function lost() {
    boot.check(5000, function (found) {
      if (found && !boot.load(found)) document.documentElement.className += ' stuck';
    });
  }
  if (boot.entry) history.replaceState(history.state, '', location.pathname + location.search);
  // A file of this page is gone. The app itself asks before it leaves: something may have been typed.
  addEventListener(
    'error',
    function (event) {
      var from = event.target.src || event.target.href;
      if (!boot.app && from && from.indexOf(location.origin + '/assets/') === 0) lost();
    },
    true
  );
  boot.check(1000, function (found) {
    if (found && found !== build && boot.load(found)) return;
    done = true;
    while (waiting.length) waiting.shift()();
  });
})(window, document, location);
