{
{% include "live/noise.js" %}
{% include "live/network.js" %}
{% include "live/controls.js" %}
}
